import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/**
 * log of the sum of exponentials over the axis before the last, which is taken away: [..., values, rows] -> [..., rows].
 *
 * The gradient, the exponentials' shares of their sum, is written by hand, because the product rule goes back through
 * the maximum.
 */
export const logSumExp: (x: Tensor) => Tensor = tf.customGrad((x, save) => {
  if (!(x instanceof tf.Tensor) || typeof save !== "function") throw new TypeError("logSumExp takes one tensor");
  const largest = tf.max(x, -2, true);
  const exponentials = tf.exp(tf.sub(x, largest));
  const sum = tf.sum(exponentials, -2, true);
  save([exponentials, sum]);
  return {
    value: tf.squeeze(tf.add(largest, tf.log(sum)), [-2]),
    gradFunc: (dy: Tensor, [shares, total]: Tensor[]) => tf.mul(tf.div(tf.expandDims(dy, -2), total!), shares!),
  };
});
