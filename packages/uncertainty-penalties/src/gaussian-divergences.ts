import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** Diagonal Gaussians, a row each: mean and log-variance [..., dim]. */
export interface Gaussians {
  readonly mean: Tensor;
  readonly logVar: Tensor;
}

/** KL(first || second), summed over dimensions: [..., dim] -> [...], in nats. */
export function kullbackLeibler(first: Gaussians, second: Gaussians): Tensor {
  const difference = tf.sub(first.logVar, second.logVar);
  const distance = tf.mul(tf.squaredDifference(first.mean, second.mean), tf.exp(tf.neg(second.logVar)));
  // Rounded it can lie below 0, whose root is no number.
  const spread = tf.maximum(0, tf.sub(tf.expm1(difference), difference));
  return tf.mul(0.5, tf.sum(tf.add(spread, distance), -1));
}

/**
 * Log of the Bhattacharyya coefficient, the integral of sqrt(p q): [..., dim] -> [...], at most 0.
 *
 * log(2 s1 s2 / (s1^2 + s2^2)) is -log cosh of half the difference of log-variances, by log1p of sinh^2 so that nearly
 * equal Gaussians keep their digits.
 */
export function logBhattacharyya(first: Gaussians, second: Gaussians): Tensor {
  const half = tf.mul(0.5, tf.abs(tf.sub(first.logVar, second.logVar)));
  const spread = tf.log1p(tf.square(sinhOfPositive(half)));
  const variance = tf.add(tf.exp(first.logVar), tf.exp(second.logVar));
  const distance = tf.div(tf.squaredDifference(first.mean, second.mean), variance);
  return tf.mul(-0.25, tf.sum(tf.add(spread, distance), -1));
}

/** sinh(x) of x >= 0 by expm1: onnxruntime goes through Sinh entry by entry, which takes some three times as long. */
function sinhOfPositive(x: Tensor): Tensor {
  const more = tf.expm1(x);
  return tf.mul(0.5, tf.add(more, tf.div(more, tf.add(more, 1))));
}

/** Squared Hellinger distance 1 - BC, in [0, 1]; a lower bound on total variation. */
export const hellingerSquared = (first: Gaussians, second: Gaussians): Tensor =>
  tf.neg(tf.expm1(logBhattacharyya(first, second)));

/** sqrt(1 - BC^2) = H sqrt(2 - H^2): an upper bound on total variation (half the L1 distance), in [0, 1]. */
export const hellingerBound = (first: Gaussians, second: Gaussians): Tensor =>
  tf.sqrt(tf.neg(tf.expm1(tf.mul(2, logBhattacharyya(first, second)))));

/** min(1, sqrt(KL / 2)): Pinsker's upper bound on total variation. */
export const pinskerBound = (first: Gaussians, second: Gaussians): Tensor =>
  tf.minimum(1, tf.sqrt(tf.mul(0.5, kullbackLeibler(first, second))));

/** sqrt(1 - exp(-KL)): the upper bound on total variation of Bretagnolle and Huber. */
export const bretagnolleHuberBound = (first: Gaussians, second: Gaussians): Tensor =>
  tf.sqrt(tf.neg(tf.expm1(tf.neg(kullbackLeibler(first, second)))));

/** The least of all closed-form upper bounds on total variation, both directions of KL among them. */
export function totalVariationBound(first: Gaussians, second: Gaussians): Tensor {
  const least = (bound: (a: Gaussians, b: Gaussians) => Tensor) =>
    tf.minimum(bound(first, second), bound(second, first));
  return tf.minimum(hellingerBound(first, second), tf.minimum(least(pinskerBound), least(bretagnolleHuberBound)));
}

/**
 * 2-Wasserstein distance sqrt(sum (m1 - m2)^2 + (s1 - s2)^2): [..., dim] -> [...], in the unit of the entries.
 *
 * The difference of standard deviations goes by expm1, which keeps the digits of nearly equal ones.
 */
export function wasserstein2(first: Gaussians, second: Gaussians): Tensor {
  const half = tf.mul(0.5, tf.sub(first.logVar, second.logVar));
  const spread = tf.mul(tf.exp(tf.mul(0.5, second.logVar)), tf.expm1(half));
  return tf.sqrt(tf.sum(tf.add(tf.squaredDifference(first.mean, second.mean), tf.square(spread)), -1));
}
