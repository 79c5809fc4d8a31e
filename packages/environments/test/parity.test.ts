import { join } from "node:path";
import { checkEnvironment, type EnvironmentGolden, loadEnvironmentGolden } from "@lowerbound/testing";
import { describe, expect, test } from "vitest";
import { environmentFactory, isSimulated } from "../src/index.js";

const DIRECTORY = join(import.meta.dirname, "fixtures", "envs");
const IDS = [
  "Ant-v5",
  "HalfCheetah-v5",
  "Hopper-v5",
  "InvertedPendulum-v5",
  "Pendulum-v1",
  "Reacher-v5",
  "Swimmer-v5",
  "Walker2d-v5",
];

async function failuresOf(golden: EnvironmentGolden): Promise<string[]> {
  const checks = await checkEnvironment(golden);
  return checks.filter(({ passed }) => !passed).map(({ name }) => name);
}

describe("Gymnasium's facts and episodes", () => {
  test.each(IDS)("%s", async (id) => {
    const checks = await checkEnvironment(await loadEnvironmentGolden(DIRECTORY, id));
    expect(checks.length).toBeGreaterThan(4);
    for (const { name, passed, detail } of checks) expect(passed, `${name}: ${detail}`).toBe(true);
  });
});

test.each(IDS)("the first observations of %s are exact", async (id) => {
  const { tensors, rollouts } = await loadEnvironmentGolden(DIRECTORY, id);
  const environment = await environmentFactory(id).create();
  if (!isSimulated(environment)) throw new Error(`the state of ${id} cannot be set`);
  for (const { name } of rollouts.episodes) {
    const read = (key: string) => Float64Array.from(tensors.get(`${name}/${key}`)?.data ?? []);
    const observation = environment.resetTo({ qpos: read("init_qpos"), qvel: read("init_qvel") });
    expect(observation).toEqual(read("init_obs"));
  }
  environment.close();
});

describe("the comparison notices", () => {
  const altered = async (name: string, by: number) => {
    const golden = await loadEnvironmentGolden(DIRECTORY, "Hopper-v5");
    golden.tensors.get(name)!.data[0]! += by;
    return failuresOf(golden);
  };

  test("another first observation", async () => {
    expect(await altered("ep0/init_obs", 1e-9)).toEqual(["reset"]);
  });

  test("another reward", async () => {
    expect(await altered("ep1/rewards", 1e-8)).toEqual(["rewards"]);
  });

  test("another flag", async () => {
    expect(await altered("ep2/terminated", 1)).toEqual(["flags"]);
  });

  test("another info", async () => {
    expect(await altered("ep0/info.x_velocity", 1e-8)).toEqual(["infos"]);
  });

  test("another action", async () => {
    expect(await altered("ep0/actions", 1e-3)).toContain("observations");
  });

  test("another mass, option and tolerance", async () => {
    const golden = await loadEnvironmentGolden(DIRECTORY, "Hopper-v5");
    golden.facts.model!.bodies[1]!.mass += 1e-12;
    golden.facts.environment.constructor_defaults.ctrl_cost_weight = 0.002;
    golden.rollouts.tolerance.one_step_obs_with_warm_start = 0;
    expect(await failuresOf(golden)).toEqual(["interface", "model", "single steps, warm start"]);
  });
});
