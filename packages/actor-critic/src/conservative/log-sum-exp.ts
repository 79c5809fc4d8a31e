import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/**
 * log of the sum of exponentials over the axis before the last, which is taken away: [..., values, rows] -> [..., rows].
 *
 * The gradient is written by hand, exp(x - result), because the product rule goes back through the maximum.
 */
export const logSumExp: (x: Tensor) => Tensor = tf.customGrad((x, save) => {
  if (!(x instanceof tf.Tensor) || typeof save !== "function") throw new TypeError("logSumExp takes one tensor");
  const largest = tf.max(x, -2, true);
  const value = tf.add(largest, tf.log(tf.sum(tf.exp(tf.sub(x, largest)), -2, true)));
  save([x, value]);
  return {
    value: tf.squeeze(value, [-2]),
    gradFunc: (dy: Tensor, [input, result]: Tensor[]) => tf.mul(tf.expandDims(dy, -2), tf.exp(tf.sub(input!, result!))),
  };
});
