import {
  type Box,
  ConfigError,
  createPipeline,
  Dataset,
  defineComponent,
  type Environment,
  EnvironmentSource,
  Evaluator,
  type Policy,
} from "@lowerbound/core";
import { environmentComponents } from "@lowerbound/environments";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { simulator, summarise } from "../src/index.js";

const box: Box = { shape: [1], low: Float64Array.of(-1), high: Float64Array.of(1) };

/** Three steps; the reward is the action, plus a start in [0, 1) that the seed decides. */
function countdown(): Environment {
  let [steps, start] = [0, 0];
  return {
    id: "Countdown-v0",
    observationSpace: box,
    actionSpace: box,
    timeLimit: 3,
    reset: (seed) => {
      [steps, start] = [0, (seed % 1000) / 1000];
      return Float64Array.of(start);
    },
    step: (action) => {
      steps++;
      const reward = action[0]! + (steps === 1 ? start : 0);
      return { observation: Float64Array.of(steps), reward, terminated: false, truncated: steps === 3, info: {} };
    },
    close: () => {},
  };
}

const source = defineComponent({
  kind: EnvironmentSource,
  type: "countdown",
  summary: "three steps",
  config: z.object({}),
  create: () => ({ id: "Countdown-v0", create: async () => countdown() }),
});

const dataset = defineComponent({
  kind: Dataset,
  type: "none",
  summary: "names an environment",
  config: z.object({ environmentId: z.string().optional() }),
  create: ({ environmentId }) => ({
    info: async () => ({
      name: "none",
      layout: "none",
      observation: 3,
      action: 1,
      episodes: 0,
      steps: 0,
      returns: { mean: 0, std: 0, min: 0, max: 0 },
      fingerprint: "f",
      ...(environmentId === undefined ? {} : { environmentId }),
    }),
    episodes: async function* () {},
    transitions: () => Promise.reject(new ConfigError("no transitions")),
    close: async () => {},
  }),
});

const constant = (action: number): Policy<null> => ({
  capabilities: { stochastic: false, logProbability: false },
  init: async () => null,
  act: async ({ rows }, state) => ({ actions: { rows, columns: 1, data: new Float32Array(rows).fill(action) }, state }),
  close: async () => {},
});

const components = [simulator, source, dataset, ...environmentComponents] as const;
const inCountdown = { type: "simulator", environment: { type: "countdown" } } as const;

describe("the simulator evaluation", () => {
  test("gives the returns of whole episodes and counts its steps", async () => {
    const evaluator = createPipeline(components, { evaluation: { ...inCountdown, episodes: 4 } }).get(Evaluator);
    const result = await evaluator.evaluate(constant(0.5), 1);
    expect(result).toMatchObject({ environmentId: "Countdown-v0", lengths: [3, 3, 3, 3], environmentSteps: 12 });
    for (const value of result.returns) expect(value).toBeGreaterThanOrEqual(1.5);
    expect(new Set(result.returns).size).toBe(4);
    expect(evaluator.every).toBe(0);
  });

  test("depends on the seed it is given, unless it has its own", async () => {
    const free = createPipeline(components, { evaluation: inCountdown }).get(Evaluator);
    const fixed = createPipeline(components, { evaluation: { ...inCountdown, seed: 7 } }).get(Evaluator);
    const policy = constant(0);
    expect(await free.evaluate(policy, 1)).toEqual(await free.evaluate(policy, 1));
    expect(await free.evaluate(policy, 1)).not.toEqual(await free.evaluate(policy, 2));
    expect(await fixed.evaluate(policy, 1)).toEqual(await fixed.evaluate(policy, 2));
    expect(await fixed.evaluate(policy, 1)).toEqual(await free.evaluate(policy, 7));
  });

  test("measures where the data come from when no environment is named", async () => {
    const config = {
      dataset: { type: "none", environmentId: "Pendulum-v1" },
      evaluation: { type: "simulator", episodes: 2 },
    } as const;
    const evaluator = createPipeline(components, config).get(Evaluator);
    const result = await evaluator.evaluate(constant(0), 0);
    expect(result).toMatchObject({ environmentId: "Pendulum-v1", lengths: [200, 200], environmentSteps: 400 });
    await expect(evaluator.check?.({ observation: 3, action: 1 })).resolves.toBeUndefined();
    await expect(evaluator.check?.({ observation: 4, action: 1 })).rejects.toThrow(
      /Pendulum-v1: the data have 4 observation and 1 action[\s\S]*3 and 1/,
    );
  });

  test("stops with the signal's reason in the middle of an episode", async () => {
    const evaluator = createPipeline(components, { evaluation: inCountdown }).get(Evaluator);
    const controller = new AbortController();
    let acts = 0;
    const policy: Policy<null> = {
      ...constant(0),
      act: async (observations, state, options) => {
        if (++acts === 2) controller.abort(new Error("stopped by the user"));
        return constant(0).act(observations, state, options);
      },
    };
    await expect(evaluator.evaluate(policy, 1, controller.signal)).rejects.toThrow("stopped by the user");
    expect(acts).toBe(2);
  });

  test("says what to do when the data name no environment", async () => {
    const config = { dataset: { type: "none" }, evaluation: { type: "simulator" } } as const;
    const evaluator = createPipeline(components, config).get(Evaluator);
    await expect(evaluator.evaluate(constant(0), 0)).rejects.toThrow(
      /evaluation\.environment: none does not say[\s\S]*remedy/,
    );
  });
});

describe("a summary", () => {
  test("has mean, population spread and D4RL's score in percent", () => {
    const rollout = { returns: Float64Array.of(1000, 3000), lengths: Int32Array.of(5, 6), environmentSteps: 11 };
    const result = summarise("Hopper-v5", rollout);
    expect(result).toMatchObject({
      mean: 2000,
      std: 1000,
      returns: [1000, 3000],
      lengths: [5, 6],
      environmentSteps: 11,
    });
    // (2000 + 20.272305) / (3234.3 + 20.272305)
    expect(result.normalisedScore).toBeCloseTo(62.0749, 3);
    expect(summarise("Countdown-v0", rollout)).not.toHaveProperty("normalisedScore");
  });
});
