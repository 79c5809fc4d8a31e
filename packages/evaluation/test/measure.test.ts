import { type DynamicsModel, hostFloat32, Random, type Transitions, type UncertaintyPenalty } from "@lowerbound/core";
import { inMemoryDataset, toTransitions } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type FittedModel,
  measuredRows,
  measureModelError,
  measurePenalty,
  modelErrorSchema,
  openLoop,
  openLoopErrors,
  predictRows,
} from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

let transitions: Transitions;
beforeAll(async () => {
  transitions = await toTransitions(inMemoryDataset(lineWorld(600, 2)), "with-next-keep-ends");
});

const BIAS = 0.1;

/**
 * Three members that miss x' by 0.1, 0.3 and 1000, with standard deviation 0.2; members 0 and 1 are the elites, so the
 * mean misses by 0.2. The reward is exact.
 */
const biased: DynamicsModel = {
  capabilities: { members: true, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({ maxLogVar: { dtype: "float32", shape: [3] }, minLogVar: { dtype: "float32", shape: [3] } }),
  stepNoise: () => ({}),
  initialCarry: () => ({}),
  step: ({ observation, action }) => {
    const next = tf.add(tf.slice(observation, [0, 0], [-1, 1]), tf.mul(0.5, action));
    const state = tf.concat([next, tf.mul(0.5, next)], -1);
    const miss = tf.tensor3d([BIAS, 3 * BIAS, 1000], [3, 1, 1]);
    const meanObservation = tf.concat(
      [tf.add(tf.expandDims(next, 0), miss), tf.tile(tf.expandDims(tf.mul(0.5, next), 0), [3, 1, 1])],
      -1,
    );
    const meanReward = tf.tile(tf.expandDims(tf.sub(1, tf.square(next)), 0), [3, 1, 1]);
    const logVar = tf.fill([3, observation.shape[0]!, 3], 2 * Math.log(0.2));
    return {
      nextObservation: state,
      reward: tf.sub(1, tf.square(next)),
      carry: {},
      prediction: { meanObservation, meanReward, logVar },
      elites: tf.tensor1d([0, 1], "int32"),
    };
  },
};

const bounds = {
  maxLogVar: hostFloat32(new Float32Array(3).fill(1), 3),
  minLogVar: hostFloat32(Float32Array.of(2 * Math.log(0.2), -9, -9), 3),
};
const model = (): FittedModel => ({ engine, dynamics: biased, tensors: bounds, random: Random.fromSeed(1) });
const picks = Int32Array.from({ length: 300 }, (_, k) => 2 * k);

it("the elites' mean is what counts, over more rows than a batch", async () => {
  const rows = measuredRows(transitions, picks);
  const { members, average, dims } = await predictRows(model(), rows);
  expect([members, dims]).toEqual([2, 3]);
  for (const row of [0, 255, 256, 299]) {
    expect(average[row * 3]! - rows.nextObservations[row * 2]!).toBeCloseTo(0.2, 5);
    expect(average[row * 3 + 2]! - rows.rewards[row]!).toBeCloseTo(0, 4);
  }
});

it("model error: the miss in its dimension, coverage of Gaussians that stand beside the truth, saturation", async () => {
  const job = { model: model(), transitions, picks, heldOut: "rows" } as const;
  const rolled = await openLoop(model(), transitions, picks, 3);
  const { rows, oneStep, coverage, saturation, kStep } = await measureModelError({ ...job, openLoop: rolled });
  expect(rows).toBe(300);
  expect(oneStep.perDimension[0]).toMatchObject({ name: "observation 0", rmse: expect.closeTo(0.2, 5) });
  expect(oneStep.perDimension[1]?.rmse).toBeLessThan(1e-6);
  expect(oneStep.perDimension[2]).toMatchObject({ name: "reward" });
  // Targets lie 0.5 and 1.5 standard deviations below the two means of dimension 0, at level 0.188, and at 0.5 in the
  // others.
  expect(coverage.find(({ level }) => level === 0.5)?.covered).toBeCloseTo(2 / 3, 9);
  expect(coverage.find(({ level }) => level === 0.8)?.covered).toBe(1);
  expect(saturation).toEqual({ atMinimum: 1 / 3, atMaximum: 0 });
  expect(kStep.map(({ step }) => step)).toEqual([1, 2, 3]);
});

it.each([
  [1, 0],
  [7, 0],
  [8, 3],
])("of %d rows %d dimensions are asked for two modes: fewer than 8 tell nothing", async (count, dimensions) => {
  const job = { model: model(), transitions, picks: picks.subarray(0, count), heldOut: "rows" } as const;
  const report = await measureModelError({ ...job, openLoop: await openLoop(model(), transitions, job.picks, 1) });
  expect(modelErrorSchema.parse(report).multimodality).toHaveLength(dimensions);
});

it("open loop: a constant miss adds up, and rows leave where their episode ends", async () => {
  const rolled = await openLoop(model(), transitions, Int32Array.of(0, 18, 25), 4);
  const errors = openLoopErrors(rolled, transitions);
  expect(errors.map(({ rows }) => rows)).toEqual([3, 3, 2, 2]);
  const [one, two, , four] = errors;
  // The miss of dimension 0 is 0.2 a step, dimension 1 follows by half of what came before: 0, 0.1, 0.2, 0.3.
  const spread = [0, 1].map((d) => {
    const values = transitions.observations.filter((_, i) => i % 2 === d);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  });
  const expected = (a: number, b: number) => Math.sqrt(((a / spread[0]!) ** 2 + (b / spread[1]!) ** 2) / 2);
  expect(one?.normalised).toBeCloseTo(expected(0.2, 0), 4);
  expect(two?.normalised).toBeCloseTo(expected(0.4, 0.1), 4);
  expect(four?.normalised).toBeCloseTo(expected(0.8, 0.3), 4);
});

describe("a model that runs off", () => {
  /** Like the other, but x' is multiplied by a number so large that float32 holds two steps of it and no third. */
  const escaping = (factor: number): FittedModel => ({
    ...model(),
    dynamics: {
      ...biased,
      step: (given, params) => {
        const stepped = biased.step(given, params);
        const { meanObservation, ...prediction } = stepped.prediction!;
        return { ...stepped, prediction: { ...prediction, meanObservation: tf.mul(factor, meanObservation) } };
      },
    },
  });

  it("has an open-loop error as long as it is finite, and all its other figures", async () => {
    const job = { model: escaping(1e15), transitions, picks, heldOut: "rows" } as const;
    const report = await measureModelError({ ...job, openLoop: await openLoop(job.model, transitions, picks, 5) });
    expect(report.kStep.map(({ step }) => step)).toEqual([1, 2]);
    expect(modelErrorSchema.safeParse(report).success).toBe(true);
  });

  it("is refused by name where a single step is not finite", async () => {
    const rows = measuredRows(transitions, picks);
    const job = { model: escaping(Infinity), transitions, picks, heldOut: "rows" } as const;
    const rolled = await openLoop(job.model, transitions, picks, 1);
    await expect(measureModelError({ ...job, openLoop: rolled })).rejects.toThrow(
      "one-step predictions are not finite",
    );
    const penalty = { penalty: constant(1), tensors: {} };
    const measured = {
      ...job,
      type: "constant",
      penalty,
      rows,
      on: "visits",
      options: { level: 0.9, bins: 5 },
    } as const;
    await expect(measurePenalty(measured)).rejects.toThrow("error is not finite");
  });
});

const constant = (value: number): UncertaintyPenalty => ({
  unit: "state",
  penalise: ({ action }) => tf.fill([action.shape[0]!], value),
});

it("along rollouts: an open loop's error adds up, that of each step on visits does not", async () => {
  const from = Int32Array.of(0, 18, 25);
  const job = { model: model(), type: "constant", penalty: { penalty: constant(0.5), tensors: {} } } as const;
  const rows = measuredRows(transitions, from);
  const options = { level: 0.9, bins: 5 };
  const held = { ...job, rows, on: "held-out", options } as const;
  const rolled = await openLoop(model(), transitions, from, 3);
  const { along } = await measurePenalty({ ...held, openLoop: rolled });
  expect(along.map(({ from: first, to, rows: count }) => [first, to, count])).toEqual([
    [1, 1, 3],
    [2, 2, 3],
    [3, 3, 2],
  ]);
  // Norms of (0.2, 0), (0.4, 0.1) and (0.6, 0.2).
  for (const [k, error] of [0.2, Math.sqrt(0.17), Math.sqrt(0.4)].entries()) {
    expect(along[k]!.meanError).toBeCloseTo(error, 4);
    expect(along[k]!.upperQuartile).toBeCloseTo(error, 4);
    expect(along[k]!.meanPenalty).toBe(0.5);
  }
  expect((await measurePenalty(held)).along).toEqual([]);
  // Episodes of 20 steps: rows 0, 18 and 25 are the steps 1, 19 and 6 of theirs.
  const visits = await measurePenalty({ ...held, on: "visits", openLoop: rolled });
  expect(visits.along.map(({ from: first, rows: count }) => [first, count])).toEqual([
    [1, 1],
    [6, 1],
    [19, 1],
  ]);
  for (const { meanError } of visits.along) expect(meanError).toBeCloseTo(0.2, 4);
});

it("a penalty against the error: the constant one that just covers", async () => {
  const rows = measuredRows(transitions, picks);
  const at = (value: number) =>
    measurePenalty({
      model: model(),
      type: "constant",
      penalty: { penalty: constant(value), tensors: {} },
      rows,
      on: "held-out",
      options: { level: 0.9, bins: 5 },
    });
  const half = await at(0.1);
  expect(half).toMatchObject({ type: "constant", unit: "state", seesReward: false, on: "held-out", coverage: 0 });
  expect(half.meanError).toBeCloseTo(0.2, 4);
  expect(half.conformal.scale).toBeCloseTo(2, 3);
  expect((await at(0.21)).coverage).toBe(1);
});

it("refuses a penalty that looks at a trainer, and a model without members", async () => {
  const rows = measuredRows(transitions, picks);
  const options = { level: 0.9, bins: 5 };
  const asks: UncertaintyPenalty = { requests: ["critic"], penalise: ({ action }) => tf.sum(action, 1) };
  const job = { type: "asks", penalty: { penalty: asks, tensors: {} }, rows, on: "held-out", options } as const;
  await expect(measurePenalty({ ...job, model: model() })).rejects.toThrow("looks at the trainer's critic");
  const single = { ...biased, capabilities: { ...biased.capabilities, members: false } };
  await expect(predictRows({ ...model(), dynamics: single }, rows)).rejects.toThrow("no Gaussian a member");
});
