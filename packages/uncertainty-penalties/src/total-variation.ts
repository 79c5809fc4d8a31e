import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Gaussians } from "./gaussian-divergences.js";

/** Below this difference of log standard deviations the two count as equally wide: float32 tells no more. */
const SAME_WIDTH = 1e-6;

/**
 * Exact total variation of Gaussians that share their log-variance: erf(d / (2 sqrt 2)), d the Mahalanobis distance.
 * mean [..., dim] each -> [...], in [0, 1].
 */
export function sharedCovarianceTotalVariation(mean1: Tensor, mean2: Tensor, logVar: Tensor): Tensor {
  const squared = tf.sum(tf.mul(tf.squaredDifference(mean1, mean2), tf.exp(tf.neg(logVar))), -1);
  return tf.erf(tf.mul(tf.sqrt(squared), 1 / (2 * Math.SQRT2)));
}

/**
 * Exact total variation of each dimension's marginals: [..., dim] -> [..., dim], half the L1 distance of the densities.
 *
 * In units of the narrower Gaussian the other is N(delta, rho), rho >= 1, and the narrower density is the larger one
 * between the two roots of (rho^2 - 1) y^2 + 2 delta y = delta^2 + 2 rho^2 log rho.
 */
export function marginalTotalVariation(first: Gaussians, second: Gaussians): Tensor {
  const logRatio = tf.mul(0.5, tf.sub(second.logVar, first.logVar));
  const narrow = tf.mul(0.5, tf.minimum(first.logVar, second.logVar));
  const delta = tf.mul(tf.abs(tf.sub(second.mean, first.mean)), tf.exp(tf.neg(narrow)));
  const logRho = tf.maximum(tf.abs(logRatio), SAME_WIDTH);
  const rho = tf.exp(logRho);
  const excess = tf.expm1(tf.mul(2, logRho));
  const root = tf.mul(rho, tf.sqrt(tf.add(tf.square(delta), tf.mul(2, tf.mul(excess, logRho)))));
  const far = tf.neg(tf.add(delta, root));
  const inside = tf.add(tf.square(delta), tf.mul(2, tf.mul(tf.square(rho), logRho)));
  const low = tf.div(far, excess);
  const high = tf.neg(tf.div(inside, far));
  const wide = (y: Tensor): Tensor => tf.div(tf.sub(y, delta), rho);
  return tf.sub(massBetween(low, high), massBetween(wide(low), wide(high)));
}

/** Mass of the standard normal between two points. */
function massBetween(low: Tensor, high: Tensor): Tensor {
  const below = (y: Tensor): Tensor => tf.erf(tf.mul(y, Math.SQRT1_2));
  return tf.mul(0.5, tf.sub(below(high), below(low)));
}
