import type { Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";

/** observations [batch, observation] -> true where the episode goes on, bool [batch]. */
export type GoesOn = (observations: tf.Tensor2D) => tf.Tensor;

/** Largest float32: what is above is infinite, and comparisons with NaN are false. */
const LARGEST = 3.4028234663852886e38;

/** One entry of every row [batch]. */
export function entry(observations: tf.Tensor2D, index: number): tf.Tensor {
  return tf.reshape(tf.slice(observations, [0, index], [-1, 1]), [-1]);
}

/** Whether every entry of a row is finite, bool [batch]. */
export function allFinite(observations: tf.Tensor2D): tf.Tensor {
  return tf.all(tf.lessEqual(tf.abs(observations), LARGEST), 1);
}

/** Whether every entry of a row lies strictly inside (-bound, bound), bool [batch]; false on NaN. */
export function allInside(values: tf.Tensor, bound: number): tf.Tensor {
  return tf.all(tf.less(tf.abs(values), bound), 1);
}

/** Strictly inside (low, high), bool; false on NaN. */
export function between(values: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.logicalAnd(tf.greater(values, low), tf.less(values, high));
}

/** An episode ends where it does not go on; so NaN ends it. */
export function endsUnless(goesOn: GoesOn): Termination {
  return { terminated: ({ nextObservation }) => tf.logicalNot(goesOn(nextObservation as tf.Tensor2D)) };
}

/** An episode ends where a condition holds; NaN does not end it. */
export function endsWhere(condition: GoesOn): Termination {
  return { terminated: ({ nextObservation }) => condition(nextObservation as tf.Tensor2D) };
}
