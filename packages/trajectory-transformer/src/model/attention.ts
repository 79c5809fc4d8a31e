import { linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Architecture, isValue } from "./architecture.js";
import type { Dropout } from "./dropout.js";
import type { BlockWeights } from "./weights.js";

/** Added to the score of a key that a query does not see. */
export const HIDDEN = -1e9;

/** [length, length], query by key: 0 where the key is seen, a large negative number where it comes later or is a value's. */
export function attentionMask(length: number, transition: number): Tensor {
  const entries = Float32Array.from({ length: length * length }, (_, i) => {
    const [query, key] = [Math.floor(i / length), i % length];
    return key <= query && !isValue(key, transition) ? 0 : HIDDEN;
  });
  return tf.tensor2d(entries, [length, length]);
}

/** Attention of every head: x [batch, length, embedding] -> weights [batch, heads, length, length] and what they find. */
export function attend(
  x: Tensor,
  { attention, projection }: BlockWeights,
  { heads, embedding }: Pick<Architecture, "heads" | "embedding">,
  { mask, drop }: { readonly mask: Tensor; readonly drop: Dropout },
): { readonly weights: Tensor; readonly found: Tensor } {
  const [batch, length] = x.shape as [number, number];
  const size = embedding / heads;
  const flat = linear(tf.reshape(x, [batch * length, embedding]), attention);
  const joined = tf.transpose(tf.reshape(flat, [batch, length, 3, heads, size]), [2, 0, 3, 1, 4]);
  const [query, key, value] = tf.unstack(joined, 0) as [Tensor, Tensor, Tensor];
  const scores = tf.matMul(tf.mul(query, 1 / Math.sqrt(size)), key, false, true);
  const weights = tf.softmax(tf.add(scores, mask), -1);
  const mixed = tf.matMul(drop(weights, "weights"), value);
  const together = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, embedding]);
  return { weights, found: tf.reshape(linear(together, projection), [batch, length, embedding]) };
}
