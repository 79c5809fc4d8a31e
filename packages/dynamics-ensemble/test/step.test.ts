import type { Params } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { ensemblePredict, ensembleStep, sampleMembers } from "../src/index.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Two members without hidden layers: outputs are biases, so every number can be written down. */
const params = (): Params => ({
  weight0: tf.zeros([2, 3, 6]),
  bias0: tf.tensor3d([[[1, 2, 3, 0, 0, 0]], [[10, 20, 30, 0, 0, 0]]]),
  maxLogVar: tf.fill([3], 20),
  minLogVar: tf.fill([3], -20),
  inputMean: tf.zeros([3]),
  inputStd: tf.ones([3]),
  elites: tf.tensor1d([1], "int32"),
});
const at = () => ({
  observation: tf.tensor2d([
    [0.5, 0.5],
    [1, 1],
  ]),
  action: tf.zeros([2, 1]),
});

it("predicts the next observation, not its change", () => {
  const { meanObservation, meanReward, logVar } = ensemblePredict(at(), params());
  expect(meanObservation.arraySync()).toEqual([
    [
      [1.5, 2.5],
      [2, 3],
    ],
    [
      [10.5, 20.5],
      [11, 21],
    ],
  ]);
  expect(meanReward.arraySync()).toEqual([
    [[3], [3]],
    [[30], [30]],
  ]);
  expect(logVar.shape).toEqual([2, 2, 3]);
});

it("samples each row from the member drawn for it", () => {
  const noise = {
    member: tf.tensor1d([1, 0], "int32"),
    sample: tf.tensor2d([
      [0, 0, 0],
      [1, 0, -1],
    ]),
  };
  const { nextObservation, reward, elites } = ensembleStep({ ...at(), noise, carry: {} }, params());
  const expected = [
    [10.5, 20.5],
    [3, 3],
  ];
  for (const [row, values] of expected.entries()) {
    for (const [i, value] of values.entries())
      expect(nextObservation.arraySync()[row as never]![i as never]).toBeCloseTo(value, 4);
  }
  const [first, second] = reward.dataSync();
  expect(first).toBeCloseTo(30, 4);
  expect(second).toBeCloseTo(2, 4);
  expect([...elites!.dataSync()]).toEqual([1]);
});

it("lets gradients through a step", () => {
  const mean = tf.tensor3d([[[1]], [[5]]]);
  const noise = { member: tf.tensor1d([1], "int32"), sample: tf.tensor2d([[2]]) };
  const gradient = tf.grad((logVar: tf.Tensor) => tf.sum(sampleMembers({ mean, logVar }, noise)))(tf.zeros([2, 1, 1]));
  // d/dl of 5 + 2 exp(l / 2) at 0, for the drawn member alone.
  expect([...gradient.dataSync()]).toEqual([0, 1]);
});
