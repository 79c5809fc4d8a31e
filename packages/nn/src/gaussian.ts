import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

export const LOG_TWO_PI = Math.log(2 * Math.PI);

/** log N(x; mean, exp(logStd)) summed over the last axis, which is kept: [..., dim] -> [..., 1]. */
export function gaussianLogProbability(x: Tensor, mean: Tensor, logStd: Tensor): Tensor {
  const standardised = tf.mul(tf.sub(x, mean), tf.exp(tf.neg(logStd)));
  return standardLogProbability(standardised, logStd);
}

/** The same, where x = mean + exp(logStd) noise is already standardised. */
export function standardLogProbability(noise: Tensor, logStd: Tensor): Tensor {
  const entries = tf.sub(tf.mul(-0.5, tf.square(noise)), tf.add(logStd, LOG_TWO_PI / 2));
  return tf.sum(entries, -1, true);
}

/** mean + exp(logVar / 2) noise, element by element. */
export const gaussianSample = (mean: Tensor, logVar: Tensor, noise: Tensor): Tensor =>
  tf.add(mean, tf.mul(tf.exp(tf.mul(0.5, logVar)), noise));
