import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** 1 where the first is larger, 1/2 where both are the same, else 0; broadcasts. */
const wins = (a: Tensor, b: Tensor): Tensor =>
  tf.mul(0.5, tf.add(tf.cast(tf.greater(a, b), "float32"), tf.cast(tf.greaterEqual(a, b), "float32")));

/**
 * How well a value tells marked rows from the others: the area under the ROC curve, which is the probability that a
 * marked row's value is larger than another's; values [rows], marks [rows] of 0 and 1 -> [].
 *
 * 1/2 is chance. Without marked or without unmarked rows it is 0.
 */
export function separation(values: Tensor, marks: Tensor): Tensor {
  const others = tf.sub(1, marks);
  const pairs = tf.mul(tf.expandDims(marks, 1), tf.expandDims(others, 0));
  const won = tf.sum(tf.mul(wins(tf.expandDims(values, 1), tf.expandDims(values, 0)), pairs));
  return tf.div(won, tf.maximum(tf.mul(tf.sum(marks), tf.sum(others)), 1));
}

/** Share of samples that a row's own value beats: values [rows], samples [samples, rows] -> []. */
export const pairedSeparation = (values: Tensor, samples: Tensor): Tensor => tf.mean(wins(values, samples));
