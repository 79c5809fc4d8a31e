import type { SteppedFrom } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { ColumnRange } from "../discretise/discretiser.js";
import { doubtOf } from "./draw.js";

/** Thresholds [columns, bins + 1] of neighbouring columns. */
export const thresholdsOf = (thresholds: Tensor, { from, count }: ColumnRange): Tensor =>
  tf.slice(thresholds, [from, 0], [count, -1]);

/**
 * Tokens int32 of values [rows, columns]: how many of its column's thresholds [columns, bins + 1] but the first and the
 * last a value reaches.
 */
export function encodeValues(values: Tensor, thresholds: Tensor): Tensor {
  const [columns, edges] = thresholds.shape as [number, number];
  const inner = tf.slice(thresholds, [0, 1], [columns, edges - 2]);
  const reached = tf.greaterEqual(tf.expandDims(values, 2), tf.expandDims(inner, 0));
  return tf.cast(tf.sum(tf.cast(reached, "float32"), 2), "int32");
}

export interface EncodedPairs {
  /** int32 [rows, observation + action] */
  readonly tokens: Tensor;
  /** [rows, 1]: NaN where a value is no finite number, which has a bin like any other, else 0. */
  readonly doubt: Tensor;
}

/** Tokens of pairs, by the thresholds of all columns. */
export function encodePairs({ observation, action }: SteppedFrom, thresholds: Tensor): EncodedPairs {
  const pairs = tf.concat([observation, action], 1);
  const tokens = encodeValues(pairs, thresholdsOf(thresholds, { from: 0, count: pairs.shape[1]! }));
  return { tokens, doubt: doubtOf(pairs) };
}

/** Middle of each bin [columns, bins]. */
export function middlesOf(thresholds: Tensor): Tensor {
  const [columns, edges] = thresholds.shape as [number, number];
  const lower = tf.slice(thresholds, [0, 0], [columns, edges - 1]);
  const upper = tf.slice(thresholds, [0, 1], [columns, edges - 1]);
  return tf.div(tf.add(lower, upper), 2);
}

/** Middles [rows, columns] of the bins of tokens int32 [rows, columns]; the token of the end is read as the last bin. */
export function decodeTokens(tokens: Tensor, thresholds: Tensor): Tensor {
  const middles = middlesOf(thresholds);
  const [columns, bins] = middles.shape as [number, number];
  const places = tf.tensor2d(
    Int32Array.from({ length: columns }, (_, column) => column * bins),
    [1, columns],
    "int32",
  );
  const rows = tf.add(tf.minimum(tokens, tf.scalar(bins - 1, "int32")), places);
  return tf.gather(tf.reshape(middles, [columns * bins]), rows);
}
