import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

export interface Surrogate {
  readonly logProbability: Tensor;
  readonly oldLogProbability: Tensor;
  readonly advantage: Tensor;
}

/**
 * Minus the clipped objective, -mean min(r A, clip(r, 1 - clip, 1 + clip) A) with r the ratio of new to old probability;
 * all [batch, 1] -> [].
 *
 * Source: PPO (Schulman et al. 2017), equation 7.
 */
export function clippedLoss({ logProbability, oldLogProbability, advantage }: Surrogate, clip: number): Tensor {
  const ratio = tf.exp(tf.sub(logProbability, oldLogProbability));
  const bounded = tf.clipByValue(ratio, 1 - clip, 1 + clip);
  return tf.neg(tf.mean(tf.minimum(tf.mul(ratio, advantage), tf.mul(bounded, advantage))));
}

/** Half the mean squared error of the values [batch, 1] -> []. */
export const valueLoss = (value: Tensor, target: Tensor): Tensor =>
  tf.mul(0.5, tf.mean(tf.squaredDifference(value, target)));

/** A flat gradient, shortened to at most that norm. */
export function shortened(gradient: Tensor, maximum: number): Tensor {
  const norm = tf.sqrt(tf.sum(tf.square(gradient)));
  return tf.mul(gradient, tf.minimum(1, tf.div(maximum, tf.add(norm, 1e-6))));
}
