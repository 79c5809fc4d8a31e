import { join } from "node:path";
import { DataError, Random } from "@lowerbound/core";
import { loadEnvironmentGolden } from "@lowerbound/testing";
import { describe, expect, test } from "vitest";
import { environmentFactory, randomMdp, tabularEnvironment } from "../src/index.js";

const DIRECTORY = join(import.meta.dirname, "fixtures", "envs");

/** Without the solver's warm start; Pendulum shows its angle in float32; Ant's reward sees another Runge-Kutta stage. */
const TASKS = [
  { id: "Ant-v5", apart: 1e-5, reward: 0.03 },
  { id: "HalfCheetah-v5", apart: 1e-5, reward: 1e-5 },
  { id: "Hopper-v5", apart: 1e-5, reward: 1e-5 },
  { id: "InvertedPendulum-v5", apart: 1e-5, reward: 1e-5 },
  { id: "Pendulum-v1", apart: 2e-6, reward: 1e-5 },
  { id: "Reacher-v5", apart: 1e-5, reward: 1e-5 },
  { id: "Swimmer-v5", apart: 1e-5, reward: 1e-5 },
  { id: "Walker2d-v5", apart: 1e-5, reward: 1e-5 },
];

/** These show no velocity beyond the limit. */
const LIMITED = ["Hopper-v5", "Walker2d-v5"];
const SPEED_LIMIT = 10;

async function recorded(id: string) {
  const { tensors, rollouts } = await loadEnvironmentGolden(DIRECTORY, id);
  return rollouts.episodes.map(({ name }) => {
    const rows = (key: string) => {
      const { data, shape } = tensors.get(`${name}/${key}`)!;
      const width = data.length / shape[0]!;
      return Array.from({ length: shape[0]! }, (_, t) => data.slice(t * width, (t + 1) * width));
    };
    return { observations: rows("obs"), actions: rows("actions"), rewards: rows("rewards"), positions: rows("qpos") };
  });
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

describe("an episode begun at a recorded observation goes on as recorded", () => {
  test.each(TASKS)("$id", async ({ id, apart, reward }) => {
    const environment = await environmentFactory(id).create();
    let compared = 0;
    for (const { observations, actions, rewards, positions } of await recorded(id)) {
      for (let t = 0; t + 1 < observations.length; t += 2) {
        const seen = observations[t]!;
        // An elbow pressed that far into its limit of 3 looks like one pressed less into the other.
        if (id === "Reacher-v5" && Math.abs(positions[t]![1]!) > Math.PI) continue;
        if (LIMITED.includes(id) && seen.some((value) => Math.abs(value) >= SPEED_LIMIT)) continue;
        const begun = environment.resetToObservation!(seen);
        const step = environment.step(Float32Array.from(actions[t + 1]!));
        if (id !== "Ant-v5") expect(furthest(begun, seen)).toBeLessThan(1e-2);
        expect(furthest(step.observation, observations[t + 1]!)).toBeLessThan(apart);
        expect(Math.abs(step.reward - rewards[t + 1]![0]!)).toBeLessThan(reward);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(40);
    environment.close();
  });
});

test("what an observation hides is at rest: the horizontal position is 0", async () => {
  const environment = await environmentFactory("hopper").create();
  const observation = environment.reset(3);
  expect(environment.resetToObservation!(observation)).toEqual(observation);
  expect(environment.snapshot!().state.qpos![0]).toBe(0);
  environment.close();
});

test("a state of a tabular process is told from its one-hot vector", () => {
  const mdp = randomMdp(Random.fromSeed(1), { states: 4, actions: 2, discount: 0.9 });
  const environment = tabularEnvironment(mdp, { timeLimit: 5 });
  expect([...environment.resetToObservation([0, 0, 1, 0])]).toEqual([0, 0, 1, 0]);
  expect(() => environment.resetToObservation([0, 0.5, 0.5, 0])).toThrow(/one-hot/);
});

describe("observations that show no state are refused", () => {
  test.each([
    ["of another size", "hopper", new Float64Array(12), /12 entries/],
    ["with NaN", "hopper", new Float64Array(11).fill(Number.NaN), /entry 0 of the observation is NaN/],
    ["without an angle", "pendulum", new Float64Array(3), /show no angle/],
    ["without joint angles", "reacher", new Float64Array(10), /show no angle/],
  ])("%s", async (_, type, observation, message) => {
    const environment = await environmentFactory(type).create();
    expect(() => environment.resetToObservation!(observation)).toThrow(message);
    expect(() => environment.resetToObservation!(observation)).toThrow(DataError);
    environment.close();
  });
});
