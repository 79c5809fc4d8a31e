import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { TokenFilter } from "../search/filters.js";

/** Probabilities [rows, tokens] that tokens are drawn from: what `filtered` of the search does, inside a graph. */
export function filteredProbabilities(logits: Tensor, { topK, cdf }: TokenFilter): Tensor {
  const tokens = logits.shape[1]!;
  const all = tf.softmax(logits);
  const massive = cdf === undefined || cdf === 0 ? all : kept(all, tf.greaterEqual(massUpTo(all), cdf));
  if (topK === undefined || topK >= tokens) return massive;
  const least = topK === 1 ? tf.max(massive, 1, true) : tf.slice(tf.topk(massive, topK).values, [0, topK - 1], [-1, 1]);
  return kept(massive, tf.greaterEqual(massive, least));
}

/** Of each token the sum of all less likely ones and its own [rows, tokens]. */
function massUpTo(probabilities: Tensor): Tensor {
  const [others, own] = [tf.expandDims(probabilities, 1), tf.expandDims(probabilities, 2)];
  const below = tf.sum(tf.mul(tf.cast(tf.less(others, own), "float32"), others), 2);
  return tf.add(below, probabilities);
}

/** Those that are kept sum to 1 again. */
function kept(probabilities: Tensor, keep: Tensor): Tensor {
  const some = tf.mul(probabilities, tf.cast(keep, "float32"));
  return tf.div(some, tf.sum(some, 1, true));
}

/**
 * The first token of each row with which the sum of probabilities [rows, tokens] exceeds its uniform number [rows, 1]:
 * int32 [rows]. Rounding leaves the last possible one.
 */
export function drawToken(probabilities: Tensor, uniform: Tensor): Tensor {
  const sums = tf.cumsum(probabilities, 1);
  const total = tf.slice(sums, [0, probabilities.shape[1]! - 1], [-1, 1]);
  const count = (below: Tensor) => tf.sum(tf.cast(below, "float32"), 1);
  const found = tf.minimum(count(tf.lessEqual(sums, uniform)), count(tf.less(sums, total)));
  return tf.cast(found, "int32");
}

/** NaN where values [rows, columns] are no finite numbers, else 0 [rows, 1]: comparisons find a token in any. */
export const doubtOf = (values: Tensor): Tensor => tf.mul(tf.sum(values, 1, true), 0);

/** Expected values [rows, 1] under logits [rows, tokens] of bins' middles [1, bins]; the token of the end counts as 0. */
export function expectedValue(logits: Tensor, middles: Tensor): Tensor {
  const bins = middles.shape[1]!;
  return tf.matMul(tf.slice(tf.softmax(logits), [0, 0], [-1, bins]), middles, false, true);
}
