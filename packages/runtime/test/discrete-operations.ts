import * as tf from "@tensorflow/tfjs";

type Operation = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

/** Functions of two [4, 6] tensors of integers. */
export const INTS: Record<string, Operation> = {
  mean: (x) => tf.mean(x, 1),
  "mean of everything": (x) => tf.mean(x),
  variance: (x) => tf.moments(x, 1).variance,
};

/** Functions of two [4, 6] tensors of truth values. */
export const BOOLS: Record<string, Operation> = {
  mean: (x) => tf.mean(x, 1),
};
