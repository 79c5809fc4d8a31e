import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planSchema } from "../src/plan/plan-file.js";
import { cli } from "./helpers.js";
import { ensemble, sequence, trainReacher, transformer, writeReacher } from "./reacher-run.js";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-plan-tokens-"));
  await writeReacher(folder);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const readPlan = async (name: string) => planSchema.parse(JSON.parse(await readFile(at(`${name}/plan.json`), "utf8")));

describe("plan", () => {
  test("by gradients through the tokens of a Transformer", async () => {
    const trained = await trainReacher(folder, "tokens", ...transformer);
    expect(trained).toMatchObject({ code: 0, err: "" });
    const gradients = ["--planner=gradient", "--set=planner.horizon=2", "--set=planner.starts=4"];
    const plan = (...more: readonly string[]) =>
      cli("plan", at("tokens"), ...gradients, "--set=planner.steps=2", "--steps=2", "--quiet", ...more);
    expect(await plan()).toMatchObject({ code: 0, err: "" });
    const { pessimism, planner: chosen, episodes } = await readPlan("tokens");
    expect({ pessimism, planner: chosen.type }).toEqual({ pessimism: "log-probability", planner: "gradient" });
    const actions = episodes[0]!.plans.flatMap(({ actions }) => actions).flat();
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.every((action) => Math.abs(action) <= 1)).toBe(true);
    expect((await plan("--set=planner.horizon=200")).err).toContain("planner.horizon");
    expect(await plan("--set=planner.pessimism=none", "--set=model.relaxation=soft")).toMatchObject({ code: 0 });
    expect((await readPlan("tokens")).pessimism).toBe("none");
  }, 60_000);

  test("by beam search in the sequence of a run whose own planner is CEM in its dynamics", async () => {
    const small = ["--dynamics.maximumEpochs=1", "--algorithm.planner=cem", "--algorithm.planner.horizon=3"];
    const trained = await trainReacher(folder, "both", ...ensemble, ...small, ...sequence);
    expect(trained).toMatchObject({ code: 0, err: "" });
    const search = ["--planner=beam-search", "--set=planner.beamWidth=4", "--set=planner.horizon=2"];
    const tokens = ["--model=trajectory-transformer", ...search, "--steps=2", "--quiet"];
    expect(await cli("plan", at("both"), ...tokens)).toMatchObject({ code: 0, err: "" });
    const { pessimism, model, episodes } = await readPlan("both");
    expect({ pessimism, model: model.type }).toEqual({ pessimism: "samples", model: "trajectory-transformer" });
    expect(episodes[0]!.plans[0]!.trace).toMatchObject({ kind: "beams" });
  }, 60_000);

  test("reads as much as the model holds, and refuses to read more", async () => {
    const planned = (context: string) =>
      cli(
        "plan",
        at("tokens"),
        "--steps=1",
        "--quiet",
        "--set=planner.beamWidth=2",
        "--set=planner.horizon=1",
        context,
      );
    const longer = await planned("--set=model.contextTransitions=4");
    expect(longer).toMatchObject({ code: 1, out: "" });
    expect(longer.err).toContain("planning-model.contextTransitions: a context of 4 transitions");
    expect(longer.err).toContain("from 2 to 3");
    expect(await planned("--set=model.contextTransitions=3")).toMatchObject({ code: 0, err: "" });
  }, 60_000);

  test("towards a goal, in a Transformer that was trained with goals", async () => {
    const search = ["--algorithm.planner.horizon=2", "--algorithm.planner.beamWidth=4"];
    const trained = await trainReacher(folder, "goals", ...transformer, ...search, "--sequence.goal=episode");
    expect(trained).toMatchObject({ code: 0, err: "" });
    const plan = (...goal: readonly number[]) => {
      const flags = goal.length === 0 ? [] : [`--set=model.goal=${goal.join(",")}`];
      return cli("plan", at("goals"), "--steps=2", "--seed=1", "--quiet", ...flags);
    };
    const planned = async (...goal: readonly number[]) => {
      expect(await plan(...goal)).toMatchObject({ code: 0, err: "" });
      return (await readPlan("goals")).episodes.flatMap(({ plans }) => plans.flatMap(({ actions }) => actions));
    };
    const [bent, stretched] = [
      [-1, -1, 0, 0, -0.1, -0.1, 9, 9, 0, 0],
      [1, 1, 0, 0, 0.1, 0.1, 0, 0, 0, 0],
    ] as const;
    const first = await planned(...stretched);
    expect(await planned(...stretched)).toEqual(first);
    expect(await planned(...bent)).not.toEqual(first);
    expect((await plan()).err).toContain("there is no goal");
    expect((await plan(1)).err).toContain("the goal has 1 entries");
    expect((await cli("predict", at("goals"), "--steps=2", "--quiet")).err).toMatch(/trained with goals.*none to give/);
  }, 60_000);
});
