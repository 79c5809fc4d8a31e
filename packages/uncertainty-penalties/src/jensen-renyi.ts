import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Gaussians } from "./gaussian-divergences.js";
import { rotate } from "./options.js";

/**
 * Jensen-Renyi divergence, with Renyi's quadratic entropy, of equally weighted Gaussians -> [batch], in nats, at least 0
 * for Gaussians of one spread: entropy of the mixture less the mean entropy; mean and logVar [members, batch, dim].
 *
 * Entropies are by the closed form of the integral of p q, N(mu_p; mu_q, Sigma_p + Sigma_q). Very different spreads can
 * make it negative, as this entropy is not concave; it is then cut off at 0. Source: MAX (Shyam et al. 2019), section 3.2.
 */
export function jensenRenyi({ mean, logVar }: Gaussians): Tensor {
  const members = mean.shape[0]!;
  const variance = tf.exp(logVar);
  const overlaps: Tensor[] = [];
  const own = overlap(mean, variance, mean, variance);
  for (let shift = 0; shift < members; shift++) {
    const other = shift === 0 ? [mean, variance] : [rotate(mean, shift), rotate(variance, shift)];
    overlaps.push(overlap(mean, variance, other[0]!, other[1]!));
  }
  const all = tf.concat(overlaps, 0);
  const top = tf.max(all, 0, true);
  const logMean = tf.add(tf.log(tf.mean(tf.exp(tf.sub(all, top)), 0)), tf.squeeze(top, [0]));
  return tf.maximum(0, tf.sub(tf.mean(own, 0), logMean));
}

/** {@link jensenRenyi} of two Gaussians each: [members, batch, dim] -> [members, batch]. */
export function jensenRenyiOfTwo(first: Gaussians, second: Gaussians): Tensor {
  const [variance1, variance2] = [tf.exp(first.logVar), tf.exp(second.logVar)];
  const own1 = overlap(first.mean, variance1, first.mean, variance1);
  const own2 = overlap(second.mean, variance2, second.mean, variance2);
  const cross = overlap(first.mean, variance1, second.mean, variance2);
  // The overlap of two is never larger than both of their own.
  const top = tf.maximum(own1, own2);
  const over = (log: Tensor): Tensor => tf.exp(tf.sub(log, top));
  const mixture = tf.mul(0.25, tf.add(tf.add(over(own1), over(own2)), tf.mul(2, over(cross))));
  return tf.maximum(0, tf.sub(tf.sub(tf.mul(0.5, tf.add(own1, own2)), top), tf.log(mixture)));
}

/** Log of the integral of p q, without its constant factor: [members, batch, dim] each -> [members, batch]. */
function overlap(mean1: Tensor, variance1: Tensor, mean2: Tensor, variance2: Tensor): Tensor {
  const variance = tf.add(variance1, variance2);
  const terms = tf.add(tf.log(variance), tf.div(tf.squaredDifference(mean1, mean2), variance));
  return tf.mul(-0.5, tf.sum(terms, -1));
}
