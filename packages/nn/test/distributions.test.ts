import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  gaussianLogProbability,
  gaussianSample,
  splitHeads,
  tanhGaussianLogProbability,
  tanhGaussianMode,
  tanhGaussianSample,
} from "../src/index.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const number = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;
const stable = { maximum: 1, logDerivative: "stable" } as const;
const epsilon = { maximum: 1, logDerivative: "epsilon" } as const;

it("gives a Gaussian's log-density, summed over the last axis", () => {
  const logP = gaussianLogProbability(tf.tensor2d([[1, 3]]), tf.tensor2d([[0, 1]]), tf.tensor2d([[0, Math.log(2)]]));
  expect(logP.shape).toEqual([1, 1]);
  expect(number(logP)).toBeCloseTo(-Math.log(2 * Math.PI) - 0.5 - 0.5 - Math.log(2), 5);
});

it("samples mean + exp(logVar / 2) noise", () => {
  expect(number(gaussianSample(tf.tensor1d([1]), tf.tensor1d([Math.log(4)]), tf.tensor1d([3])))).toBeCloseTo(7, 5);
});

describe("a Gaussian squashed by tanh", () => {
  it("has a density that integrates to 1 over the action box", () => {
    const heads = tf.tensor2d([[0.4, -0.3]]);
    const steps = 4000;
    let total = 0;
    let last = -1;
    for (let k = 0; k <= steps; k++) {
      const noise = -8 + (16 * k) / steps;
      const { action, logProbability } = tanhGaussianSample(heads, tf.tensor2d([[noise]]), stable);
      const now = number(action);
      total += Math.exp(number(logProbability)) * (now - last);
      last = now;
    }
    expect(total).toBeCloseTo(1, 2);
  });

  it("gives a sample's density again when asked for that of its action", () => {
    const heads = tf.tensor2d([[0.2, -0.1, -1, -2]]);
    for (const options of [stable, { ...stable, maximum: 2.5 }, epsilon]) {
      const { action, logProbability } = tanhGaussianSample(heads, tf.tensor2d([[0.5, -0.7]]), options);
      expect(number(tanhGaussianLogProbability(heads, action, options))).toBeCloseTo(number(logProbability), 4);
    }
    // At the very edge it is that of an action 2^-20 inside, not infinite.
    expect(number(tanhGaussianLogProbability(heads, tf.tensor2d([[1, -1]]), stable))).toBeLessThan(-10);
    expect(number(tanhGaussianLogProbability(heads, tf.tensor2d([[1, -1]]), stable))).toBeGreaterThan(-1e5);
  });

  it("agrees in both forms where tanh does not saturate, the box's half-width included", () => {
    const heads = tf.tensor2d([[0.2, -0.1, -1, -2]]);
    const noise = tf.tensor2d([[0.5, -0.7]]);
    for (const maximum of [1, 2.5]) {
      const exact = tanhGaussianSample(heads, noise, { ...stable, maximum });
      const rounded = tanhGaussianSample(heads, noise, { ...epsilon, maximum });
      expect(number(exact.logProbability)).toBeCloseTo(number(rounded.logProbability), 4);
      expect(number(exact.action)).toBe(number(rounded.action));
    }
  });

  it("keeps its digits far out, where the other form loses them", () => {
    const heads = tf.tensor2d([[20, 0]]);
    const noise = tf.zeros<tf.Rank.R2>([1, 1]);
    const logDerivative = 2 * (Math.LN2 - 20);
    expect(number(tanhGaussianSample(heads, noise, stable).logProbability)).toBeCloseTo(
      -0.5 * Math.log(2 * Math.PI) - logDerivative,
      4,
    );
    expect(number(tanhGaussianSample(heads, noise, epsilon).logProbability)).toBeCloseTo(
      -0.5 * Math.log(2 * Math.PI) - Math.log(1e-6),
      3,
    );
  });

  it("clamps the log standard deviation to [-5, 2], and has maximum tanh(mean) as its mode", () => {
    const { logStd } = splitHeads(tf.tensor2d([[0, 0, -9, 9]]));
    expect([...logStd.dataSync()]).toEqual([-5, 2]);
    expect(number(tanhGaussianMode(tf.tensor2d([[1, 0]]), { ...stable, maximum: 3 }))).toBeCloseTo(3 * Math.tanh(1), 5);
  });
});
