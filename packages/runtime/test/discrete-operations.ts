import * as tf from "@tensorflow/tfjs";

type Operation = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

/** Functions of two [4, 6] tensors of integers. */
export const INTS: Record<string, Operation> = {
  mean: (x) => tf.mean(x, 1),
  "mean of everything": (x) => tf.mean(x),
  variance: (x) => tf.moments(x, 1).variance,
  step: (x) => tf.step(x),
  clip: (x) => tf.clipByValue(x, -2.5, 5),
  "clip on one side": (x) => tf.clipByValue(x, 0, Number.POSITIVE_INFINITY),
  addN: (x, y) => tf.addN([x, y, x]),
  softplus: (x) => tf.softplus(x),
  log1p: (x) => tf.log1p(tf.abs(x)),
  expm1: (x) => tf.expm1(tf.clipByValue(x, -3, 3)),
  exp: (x) => tf.exp(tf.clipByValue(x, -3, 3)),
  round: (x) => tf.round(x),
  reciprocal: (x) => tf.reciprocal(tf.clipByValue(x, 1, 9)),
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  isNaN: (x) => tf.logicalOr(tf.isNaN(x), tf.isFinite(x)),
  matMul: (x, y) => tf.matMul(x, y, false, true),
  "sums by segment": (x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 2, 0, 1], "int32"), 3),
};

/** Functions of two [4, 6] tensors of truth values. */
export const BOOLS: Record<string, Operation> = {
  mean: (x) => tf.mean(x, 1),
  mul: (x, y) => tf.mul(x, y),
  max: (x) => tf.max(x, 1),
  min: (x) => tf.min(x, 1),
  abs: (x) => tf.abs(x),
  pad: (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  argMax: (x) => tf.argMax(x, 1),
  argMin: (x) => tf.argMin(x, 1),
  cumsum: (x) => tf.cumsum(x, 1),
  greater: (x, y) => tf.greater(x, y),
  lessEqual: (x, y) => tf.lessEqual(x, y),
};
