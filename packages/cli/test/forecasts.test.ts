import { createUntypedPipeline, Engine, hostFloat32, Random } from "@lowerbound/core";
import { standardComponents } from "@lowerbound/standard";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import type { OpenLoop } from "../src/predict/forecast.js";
import { dynamicsForecaster } from "../src/predict/steps.js";

/** A world of one number: member m predicts s + rate[m] a, with a deviation of its own. */
const rates = [100, 1, 3];
const world = (deviation: number, capabilities: { members?: boolean; stateful?: boolean } = {}) => ({
  name: "world",
  tensors: { rates: hostFloat32(Float32Array.from(rates), 3, 1, 1), elites: elites() },
  dynamics: {
    capabilities: { members: true, logProbability: false, differentiable: true, stateful: false, ...capabilities },
    fit: () => Promise.reject(new Error("fitted already")),
    parameters: () =>
      ({ rates: { dtype: "float32", shape: [3, 1, 1] }, elites: { dtype: "int32", shape: [2] } }) as const,
    stepNoise: () => ({}),
    initialCarry: () => ({}),
    step: (
      { observation, action }: { observation: tf.Tensor; action: tf.Tensor },
      params: Record<string, tf.Tensor>,
    ) => {
      const meanObservation = tf.add(tf.expandDims(observation, 0), tf.mul(params.rates!, tf.expandDims(action, 0)));
      const [members, rows] = meanObservation.shape as [number, number];
      return {
        nextObservation: tf.add(observation, action),
        reward: tf.zeros([rows, 1]),
        carry: {},
        prediction: {
          meanObservation,
          meanReward: tf.zeros([members, rows, 1]),
          logVar: tf.fill([members, rows, 2], 2 * Math.log(deviation)),
        },
        elites: params.elites!,
      };
    },
  },
});
const elites = () => ({ dtype: "int32", shape: [2], data: Int32Array.of(2, 1) }) as const;

const job = (count: number, steps: number): OpenLoop => ({
  count,
  steps,
  observation: 1,
  action: 1,
  starts: Float32Array.from({ length: count }, (_, episode) => 10 * episode),
  actions: new Float32Array(count * steps).fill(1),
  random: Random.fromSeed(4),
  signal: new AbortController().signal,
  onStep: () => {},
});

async function forecasts(fitted: ReturnType<typeof world>, asked: OpenLoop) {
  const pipeline = createUntypedPipeline(standardComponents, { engine: { type: "onnx", threads: 1 } });
  try {
    return await dynamicsForecaster({ ...fitted, engine: pipeline.get(Engine) }).predict(asked);
  } finally {
    await pipeline.dispose();
  }
}

describe("a model of Gaussian members", () => {
  test("particles keep the elite that they drew; the mean averages elites alone; one Gaussian is the first elite", async () => {
    const [drawn, mean, , one] = await forecasts(world(1e-6), job(40, 3));
    // Elites have rates 3 and 1: their mean 2 a step, the first one 3, and the member of rate 100 is none.
    expect([...mean!.observations.slice(0, 6)].map(Math.round)).toEqual([2, 4, 6, 12, 14, 16]);
    expect([...one!.observations.slice(0, 6)].map(Math.round)).toEqual([3, 6, 9, 13, 16, 19]);
    const moved = Array.from({ length: 40 }, (_, episode) => {
      const [first, second, third] = drawn!.observations.slice(3 * episode, 3 * episode + 3);
      return [first! - 10 * episode, second! - first!, third! - second!].map(Math.round);
    });
    for (const [rate, ...later] of moved) expect(later).toEqual([rate, rate]);
    const threes = moved.filter(([rate]) => rate === 3).length;
    expect(threes + moved.filter(([rate]) => rate === 1).length).toBe(40);
    expect(threes).toBeGreaterThan(8);
    expect(threes).toBeLessThan(32);
  });

  test("what is drawn strays by the Gaussian's deviation, step upon step", async () => {
    const [, , drawn] = await forecasts(world(0.5), job(400, 4));
    const strayed = Array.from({ length: 400 }, (_, k) => drawn!.observations[4 * k + 3]! - 10 * k - 12);
    const variance = strayed.reduce((sum, x) => sum + x * x, 0) / 400;
    // Four steps of variance 1/4; the mean of 400 squares strays by 7 %.
    expect(variance).toBeGreaterThan(0.75);
    expect(variance).toBeLessThan(1.25);
  });
});

test("a model without members is rolled out by its own samples, and one with a state is refused", async () => {
  const found = await forecasts(world(1, { members: false }), job(2, 3));
  expect(found.map(({ way }) => way)).toEqual(["drawn"]);
  expect([...found[0]!.observations]).toEqual([1, 2, 3, 11, 12, 13]);
  await expect(forecasts(world(1, { stateful: true }), job(2, 3))).rejects.toThrow("carries state from step to step");
});
