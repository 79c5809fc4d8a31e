import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeD4rl } from "@lowerbound/datasets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planSchema } from "../src/plan/plan-file.js";
import { cli } from "./helpers.js";
import { reacherEpisodes } from "./reacher-log.js";

let folder = "";
const at = (name: string): string => join(folder, name);

const train = (name: string, ...algorithm: readonly string[]) =>
  cli(
    "train",
    `--directory=${at(name)}`,
    "--dataset=d4rl-hdf5",
    `--dataset.path=${at("reacher.hdf5")}`,
    "--dynamics=ensemble",
    "--dynamics.members=3",
    "--dynamics.elites=2",
    "--dynamics.hiddenSizes=64,64",
    "--dynamics.weightDecays=0,0,0",
    "--dynamics.maximumEpochs=20",
    "--penalty=max-aleatoric",
    "--termination=never",
    "--engine=onnx",
    "--engine.threads=1",
    "--quiet",
    "--algorithm=planning",
    ...algorithm,
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lowerbound-plan-settings-"));
  await writeD4rl(at("reacher.hdf5"), await reacherEpisodes(100), { environmentId: "Reacher-v5" });
  const shot = ["--algorithm.planner=cem", "--algorithm.planner.horizon=8", "--algorithm.planner.population=100"];
  expect(await train("cem", ...shot, "--algorithm.planner.iterations=3")).toMatchObject({ code: 0, err: "" });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const readPlan = async (name: string) => planSchema.parse(JSON.parse(await readFile(at(`${name}/plan.json`), "utf8")));
describe("plan", () => {
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

  test("by gradients through the tokens of a Transformer", async () => {
    const sizes = { layers: 1, heads: 2, embedding: 16, transitions: 3, bins: 20, updates: 20 };
    const sequence = Object.entries(sizes).map(([name, value]) => `--sequence.${name}=${value}`);
    const log = ["--dataset=d4rl-hdf5", `--dataset.path=${at("reacher.hdf5")}`, "--termination=never"];
    const parts = ["--sequence=trajectory-transformer", ...sequence, "--algorithm.model=trajectory-transformer"];
    const planner = ["--algorithm=planning", "--algorithm.planner=beam-search"];
    const engine = ["--engine=onnx", "--engine.threads=1", "--quiet"];
    const trained = await cli("train", `--directory=${at("tokens")}`, ...log, ...engine, ...planner, ...parts);
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
});
