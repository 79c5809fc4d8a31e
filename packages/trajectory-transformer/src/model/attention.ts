import { linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Architecture, isValue } from "./architecture.js";
import type { Dropout } from "./dropout.js";
import { normThenLinear } from "./layer-norm.js";
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

/**
 * Attention of every head to the norm of x [batch, length, embedding] -> scores [batch, heads, length, length] and what
 * they find.
 */
export function attend(
  x: Tensor,
  { attentionNorm, attention, projection }: BlockWeights,
  { heads, embedding }: Pick<Architecture, "heads" | "embedding">,
  { mask, drop }: { readonly mask: Tensor; readonly drop: Dropout },
): { readonly scores: Tensor; readonly found: Tensor } {
  const [batch, length] = x.shape as [number, number];
  const size = embedding / heads;
  const flat = normThenLinear(tf.reshape(x, [batch * length, embedding]), attentionNorm, attention);
  const joined = tf.transpose(tf.reshape(flat, [batch, length, 3, heads, size]), [2, 0, 3, 1, 4]);
  const [query, key, value] = tf.unstack(joined, 0) as [Tensor, Tensor, Tensor];
  const scores = tf.add(tf.matMul(tf.mul(query, 1 / Math.sqrt(size)), key, false, true), mask);
  const mixed = mix(scores, value, (weights) => drop(weights, "weights"));
  const together = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, embedding]);
  return {
    scores,
    found: tf.reshape(linear(together, projection), [batch, length, embedding]),
  };
}

/**
 * Means of values [..., keys, size] under the softmax of scores [..., queries, keys], some weights dropped.
 *
 * The gradient is written by hand. Each query's sum over keys of weight by weight's gradient is that of what it found by
 * the gradient of that, which is shorter (Dao et al. 2022, appendix B.2); what is dropped is dropped linearly.
 */
export function mix(scores: Tensor, value: Tensor, drop: (weights: Tensor) => Tensor): Tensor {
  const mixed = tf.customGrad((scores, value, save) => {
    if (!(scores instanceof tf.Tensor && value instanceof tf.Tensor) || typeof save !== "function") {
      throw new TypeError("mix takes two tensors");
    }
    const weights = tf.softmax(scores, -1);
    const kept = drop(weights);
    const found = tf.matMul(kept, value);
    save([weights, kept, value, found]);
    return {
      value: found,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [weights, kept, value, found] = saved as [Tensor, Tensor, Tensor, Tensor];
        const along = tf.sum(tf.mul(dy, found), -1, true);
        const change = tf.sub(drop(tf.matMul(dy, value, false, true)), along);
        return [tf.mul(weights, change), tf.matMul(kept, dy, true)];
      },
    };
  });
  return mixed(scores, value);
}
