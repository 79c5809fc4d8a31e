import type { Environment, StepResult } from "@lowerbound/core";
import { environmentFactory } from "@lowerbound/environments";
import { expect, test } from "vitest";
import { environmentConformance } from "../src/index.js";

const pendulum = environmentFactory("pendulum", { timeLimit: 50 });

async function failuresOf(spoil: (good: Environment) => Environment): Promise<string[]> {
  const factory = { id: pendulum.id, create: async () => spoil(await pendulum.create()) };
  const failures: string[] = [];
  for (const { name, run } of environmentConformance(factory)) await run().catch(() => failures.push(name));
  return failures;
}

/** The good environment with every step's result changed. */
function withSteps(good: Environment, change: (step: StepResult) => StepResult): Environment {
  return { ...good, step: (action) => change(good.step(action)) };
}

test("a good environment passes", async () => {
  expect(await failuresOf((good) => good)).toEqual([]);
});

test("another id", async () => {
  expect(await failuresOf((good) => ({ ...good, id: "other" }))).toEqual(["carries its factory's id"]);
});

test("bounds the wrong way round", async () => {
  const failures = await failuresOf((good) => {
    const { shape, low, high } = good.observationSpace;
    return { ...good, observationSpace: { shape, low: high, high: low } };
  });
  expect(failures).toContain("has well-formed spaces and a time limit");
});

test("an observation outside its space", async () => {
  const failures = await failuresOf((good) =>
    withSteps(good, (step) => ({ ...step, observation: step.observation.map((value) => value + 10) })),
  );
  expect(failures).toEqual(["gives observations inside its space and finite rewards"]);
});

test("a seed without effect", async () => {
  expect(await failuresOf((good) => ({ ...good, reset: () => good.reset(0) }))).toEqual([
    "begins the same for the same seed, otherwise for another",
    "refuses seeds that are not whole numbers",
  ]);
});

test("rewards that differ each time", async () => {
  let count = 0;
  const failures = await failuresOf((good) =>
    withSteps(good, (step) => {
      count += 1;
      return { ...step, reward: count };
    }),
  );
  expect(failures).toContain("repeats a whole episode from its seed");
});

test("steps after the end", async () => {
  const failures = await failuresOf((good) => {
    let last: StepResult | undefined;
    const step = (action: Float32Array) => {
      if (last?.truncated !== true) last = good.step(action);
      return last;
    };
    const reset = (seed: number) => {
      last = undefined;
      return good.reset(seed);
    };
    return { ...good, step, reset };
  });
  expect(failures).toContain("refuses to step before reset and after the end");
});

test("a truncation that comes too early, or never", async () => {
  const name = "truncates at the time limit, not before";
  expect(await failuresOf((good) => ({ ...good, timeLimit: 60 }))).toContain(name);
  expect(await failuresOf((good) => withSteps(good, (step) => ({ ...step, truncated: false })))).toContain(name);
});

test("actions that are no numbers", async () => {
  const failures = await failuresOf((good) => ({
    ...good,
    step: (action) => good.step(action.map((value) => (Number.isFinite(value) ? value : 0))),
  }));
  expect(failures).toEqual(["refuses actions that are not numbers or of another length"]);
});

test("one array for all observations", async () => {
  const failures = await failuresOf((good) => {
    const shared = new Float64Array(3);
    const share = (observation: Float64Array) => {
      shared.set(observation);
      return shared;
    };
    return {
      ...withSteps(good, (step) => ({ ...step, observation: share(step.observation) })),
      reset: (seed) => share(good.reset(seed)),
    };
  });
  expect(failures).toContain("hands out arrays of its own");
});

test("a snapshot that forgets the velocity", async () => {
  const failures = await failuresOf((good) => ({
    ...good,
    restore: ({ environmentId, state }) =>
      good.restore?.({ environmentId, state: { ...state, qvel: new Float64Array(1) } }),
  }));
  expect(failures).toEqual(["goes on from a snapshot as it would have gone on"]);
});

test("two environments with one state", async () => {
  const shared = await pendulum.create();
  expect(await failuresOf(() => ({ ...shared, close: () => {} }))).toContain("keeps two environments apart");
});
