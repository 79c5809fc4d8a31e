import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSnapshot } from "@lowerbound/runs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planSchema } from "../src/plan/plan-file.js";
import { cli } from "./helpers.js";
import { ensemble, trainReacher, writeReacher } from "./reacher-run.js";

let folder = "";
const at = (name: string): string => join(folder, name);

const train = (name: string, ...algorithm: readonly string[]) => trainReacher(folder, name, ...ensemble, ...algorithm);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-planning-"));
  await writeReacher(folder);
  const shot = ["--algorithm.planner=cem", "--algorithm.planner.horizon=8", "--algorithm.planner.population=100"];
  expect(await train("cem", ...shot, "--algorithm.planner.iterations=3")).toMatchObject({ code: 0, err: "" });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Evaluated {
  readonly mean: number;
  readonly returns: readonly number[];
}

/** What the log's smooth random torques earn; 0 is out of reach. */
const BEHAVIOUR = -29.9;

async function evaluated(name: string): Promise<Evaluated> {
  const { code, out } = await cli("evaluate", at(name), "--episodes=2", "--seed=3", "--json");
  expect(code).toBe(0);
  return JSON.parse(out) as Evaluated;
}

describe("algorithm planning from the command line", () => {
  test("fits the model, then acts by planning in it: more than halfway from the log's return to nothing lost", async () => {
    const found = await evaluated("cem");
    expect(found.mean).toBeGreaterThan(BEHAVIOUR / 2);
    expect(await evaluated("cem")).toEqual(found);
  }, 60_000);

  test("a search has its prior trained on the log, and acts by it", async () => {
    const search = ["--algorithm.planner=mcts", "--algorithm.planner.horizon=6", "--algorithm.planner.simulations=64"];
    const prior = ["--algorithm.model=dynamics", "--algorithm.model.prior=behaviour-cloning"];
    const cloned = [...prior, "--algorithm.model.prior.policy=gaussian", "--algorithm.model.prior.updates=200"];
    expect(await train("mcts", ...search, ...cloned)).toMatchObject({ code: 0, err: "" });
    const kept = await readSnapshot(at("mcts"), "train", "last");
    expect(Object.keys(kept?.tensors ?? {}).some((name) => name.startsWith("prior/"))).toBe(true);
    expect(await readFile(at("mcts/result.json"), "utf8")).toMatch(/"prior":/);
    expect((await evaluated("mcts")).mean).toBeGreaterThan(BEHAVIOUR + 5);
  }, 60_000);

  test("the simulator as the model, an oracle beside the learnt one", async () => {
    const oracle = ["--algorithm.model=simulator", "--algorithm.model.environment=reacher"];
    const shot = ["--algorithm.planner=cem", "--algorithm.planner.horizon=5", "--algorithm.planner.population=30"];
    expect(await train("oracle", ...oracle, ...shot, "--algorithm.planner.iterations=3")).toMatchObject({ code: 0 });
    expect((await evaluated("oracle")).mean).toBeGreaterThan(BEHAVIOUR / 2);
  }, 60_000);

  test("a simulator of other dimensions is refused", async () => {
    const other = ["--algorithm.model=simulator", "--algorithm.model.environment=hopper"];
    expect(await train("other", ...other)).toMatchObject({ code: 0 });
    expect((await cli("evaluate", at("other"), "--episodes=1")).err).toContain("Hopper-v5 has 11 observation");
  }, 60_000);
});

const readPlan = async (name: string) => planSchema.parse(JSON.parse(await readFile(at(`${name}/plan.json`), "utf8")));
const total = (steps: readonly { readonly realised: number }[]): number =>
  steps.reduce((sum, { realised }) => sum + realised, 0);

describe("plan", () => {
  test("acts by the run's own planner, and keeps what it expected beside what came", async () => {
    const { code, out } = await cli("plan", at("cem"), "--episodes=2", "--steps=12", "--every=5", "--quiet");
    expect(code).toBe(0);
    expect(out).toMatch(/^cem in dynamics, probabilities by penalty, acts in Reacher-v5\n/);
    const { episodes, decision, environment } = await readPlan("cem");
    expect(environment).toBe("Reacher-v5");
    expect(decision.count).toBe(24);
    expect(decision.p95).toBeGreaterThanOrEqual(decision.median);
    expect(episodes.map(({ steps }) => steps.length)).toEqual([12, 12]);
    for (const { steps, plans, truncated } of episodes) {
      expect(truncated).toBe(false);
      expect(plans.map(({ step }) => step)).toEqual([0, 5, 10]);
      expect(plans[2]!.realised).toEqual(steps.slice(10).map(({ realised }) => realised));
      expect(plans[0]!.predicted).toHaveLength(8);
      expect(plans[0]!.predicted[0]).toBe(steps[0]!.predicted);
      expect(plans[0]!.trace).toMatchObject({ kind: "rounds" });
      expect(steps.every(({ predicted }) => predicted !== null)).toBe(true);
    }
    const again = await cli("plan", at("cem"), "--episodes=2", "--steps=12", "--every=5", "--json");
    expect(planSchema.parse(JSON.parse(again.out)).episodes.map(({ steps }) => total(steps))).toEqual(
      episodes.map(({ steps }) => total(steps)),
    );
  }, 60_000);

  test.each(["cem", "mcts"])(
    "the same episodes one by one and side by side: %s",
    async (name) => {
      const played = async (parallel: number) => {
        const { code, out } = await cli(
          "plan",
          at(name),
          "--episodes=3",
          "--steps=6",
          `--parallel=${parallel}`,
          "--json",
        );
        expect(code).toBe(0);
        return planSchema.parse(JSON.parse(out));
      };
      const [alone, together] = [await played(1), await played(3)];
      expect([alone.parallel, together.parallel]).toEqual([1, 3]);
      expect(together.decision.count).toBe(alone.decision.count);
      expect(together.decision.each.median).toBeCloseTo(together.decision.median / 3, 6);
      const returns = alone.episodes.map(({ steps }) => total(steps));
      expect(new Set(returns).size).toBe(3);
      for (const [i, { steps, plans }] of together.episodes.entries()) {
        expect(steps.map((step) => step.together)).toEqual([3, 3, 3, 3, 3, 3]);
        expect(total(steps)).toBeCloseTo(returns[i]!, 3);
        expect(plans.map(({ trace }) => trace?.kind)).toEqual(alone.episodes[i]!.plans.map(({ trace }) => trace?.kind));
      }
    },
    60_000,
  );

  test("a time budget ends a decision, and the best plan by then is carried out", async () => {
    const endless = ["--set=planner.iterations=100000", "--set=budgetMilliseconds=1", "--quiet", "--json"];
    const { code, out } = await cli("plan", at("cem"), ...endless, "--episodes=2", "--steps=3", "--every=1");
    expect(code).toBe(0);
    const { parallel, budgetMilliseconds, episodes } = planSchema.parse(JSON.parse(out));
    // A budget is one decision's own.
    expect({ parallel, budgetMilliseconds }).toEqual({ parallel: 1, budgetMilliseconds: 1 });
    for (const { plans } of episodes) {
      expect(plans).toHaveLength(3);
      for (const { rounds, actions, score } of plans) {
        expect(rounds).toBeGreaterThan(0);
        expect(rounds).toBeLessThan(100_000);
        expect(actions).toHaveLength(8);
        expect(Number.isFinite(score)).toBe(true);
      }
    }
  }, 60_000);

  test("by another planner: the prior is trained once, and its search tree is kept", async () => {
    const search = ["--planner=mcts", "--set=planner.simulations=32", "--set=planner.horizon=4", "--quiet"];
    const prior = ["--set=model.prior=behaviour-cloning", "--set=model.prior.policy=gaussian"];
    const run = () => cli("plan", at("cem"), ...search, ...prior, "--set=model.prior.updates=50", "--steps=2");
    expect(await run()).toMatchObject({ code: 0, err: "" });
    const first = await readPlan("cem");
    expect(first).toMatchObject({ planner: { type: "mcts", simulations: 32 }, pessimism: "samples" });
    const [kept] = first.episodes[0]!.plans;
    expect(kept!.trace).toMatchObject({ kind: "tree" });
    const prepared = await readdir(at("cem/planning"));
    expect(await run()).toMatchObject({ code: 0, err: "" });
    expect(await readdir(at("cem/planning"))).toEqual(prepared);
    expect((await readPlan("cem")).episodes[0]!.plans[0]!.actions).toEqual(kept!.actions);
  }, 60_000);

  test("with another prior than the run's own: it is trained, and the run's own not read", async () => {
    const small = ["--steps=2", "--quiet"];
    expect(await cli("plan", at("mcts"), ...small)).toMatchObject({ code: 0, err: "" });
    const [own] = (await readPlan("mcts")).episodes[0]!.plans;
    await expect(readdir(at("mcts/planning"))).rejects.toThrow("ENOENT");
    expect(await cli("plan", at("mcts"), ...small, "--set=model.prior.updates=20")).toMatchObject({ code: 0, err: "" });
    expect(await readdir(at("mcts/planning"))).toHaveLength(1);
    expect((await readPlan("mcts")).episodes[0]!.plans[0]!.actions).not.toEqual(own!.actions);
  }, 60_000);

  test("by gradients that take the cloned policy's log-probability into account", async () => {
    const gradients = ["--planner=gradient", "--set=planner.pessimism=log-probability", "--set=planner.horizon=4"];
    const small = ["--set=planner.starts=4", "--set=planner.steps=3", "--steps=2", "--quiet"];
    expect(await cli("plan", at("mcts"), ...gradients, ...small)).toMatchObject({ code: 0, err: "" });
    expect(await readPlan("mcts")).toMatchObject({ pessimism: "log-probability", planner: { type: "gradient" } });
  }, 60_000);

  test("in the true simulator, drawn as a film strip", async () => {
    const oracle = ["--model=simulator", "--set=model.environment=reacher", "--set=planner.population=20"];
    const { code, out } = await cli("plan", at("cem"), ...oracle, "--steps=4", "--quiet", `--render=${at("film.svg")}`);
    expect(code).toBe(0);
    expect(out).toContain(`film: ${at("film.svg")}`);
    const { episodes, pessimism } = await readPlan("cem");
    expect(pessimism).toBe("none");
    for (const { predicted, realised } of episodes[0]!.steps) expect(predicted).toBeCloseTo(realised, 3);
    const film = await readFile(at("film.svg"), "utf8");
    expect(film.match(/step \d/g)).toEqual(["step 0", "step 1", "step 2", "step 3"]);
    expect(film).not.toMatch(/NaN|undefined|Infinity/);
    // Without a name it lies in the run, and the flag that follows is a flag.
    const unnamed = await cli("plan", at("cem"), ...oracle, "--steps=4", "--render", "--quiet");
    expect(unnamed).toMatchObject({ code: 0, err: "", out: expect.stringContaining(`film: ${at("cem/plan.svg")}`) });
    expect(await readFile(at("cem/plan.svg"), "utf8")).toBe(film);
  }, 60_000);

  test("the report shows it", async () => {
    expect(await cli("plan", at("mcts"), "--steps=3", "--every=2", "--quiet")).toMatchObject({ code: 0 });
    const { code, err } = await cli("report", at("mcts"));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const page = await readFile(at("mcts/report.html"), "utf8");
    expect(page).toContain("mcts in dynamics");
    expect(page).toContain('id="chart-plan-tree"');
  }, 60_000);

  test("what cannot be planned is refused with the reason", async () => {
    const refusal = async (...flags: readonly string[]) => (await cli("plan", at("cem"), "--quiet", ...flags)).err;
    expect(await refusal("--planner=cme")).toContain('did you mean "cem"');
    expect(await refusal("--set=planner.horizon=0")).toContain("algorithm.planner.horizon");
    expect(await refusal("--set=horizon")).toContain("OPTION=VALUE, such as planner.horizon=10");
    expect(await refusal("--render=film.gif")).toContain(".svg or .png");
    expect(await refusal("--render=--every")).toContain('--render: "--every" looks like a flag');
    expect(await refusal("--steps=0")).toContain("--steps");
    expect(await refusal("--parallel=0")).toContain("--parallel");
    expect(await refusal("--model=simulator", "--set=model.environment=reacher", "--planner=gradient")).toContain(
      "a simulator is not differentiable",
    );
    expect(await refusal("--environment=hopper")).toMatch(/Hopper-v5: 11 observation and 3 .*\n.* 10 and 2,.*\n.*plan/);
    expect((await cli("plan", at("nothing"))).err).toContain("no run lies there");
  }, 60_000);
});
