import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeD4rl } from "@lowerbound/datasets";
import { readSnapshot } from "@lowerbound/runs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
  folder = await mkdtemp(join(tmpdir(), "lowerbound-planning-"));
  await writeD4rl(at("reacher.hdf5"), await reacherEpisodes(100), { environmentId: "Reacher-v5" });
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
