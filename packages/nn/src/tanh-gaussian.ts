import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { gaussianLogProbability, standardLogProbability } from "./gaussian.js";

export interface TanhGaussianOptions {
  /** Half-width of the action box: actions lie in (-maximum, maximum). */
  readonly maximum: number;
  /**
   * How log |d action / d raw| is computed: `stable` as 2 (log 2 - raw - softplus(-2 raw)), exact far out too;
   * `epsilon` as log(maximum (1 - tanh^2) + 1e-6), what public code does and loses digits with.
   */
  readonly logDerivative: "stable" | "epsilon";
}

export interface ActionSample {
  /** [batch, action] */
  readonly action: Tensor;
  /** [batch, 1] */
  readonly logProbability: Tensor;
}

export const LOG_STD_BOUNDS = [-5, 2] as const;
const EPSILON = 1e-6;

/** The two halves of an actor's output: mean, and log standard deviation clamped to [-5, 2]; [batch, 2 action] -> [batch, action] each. */
export function splitHeads(output: Tensor): { mean: Tensor; logStd: Tensor } {
  const [mean, raw] = tf.split(output, 2, -1);
  return { mean: mean!, logStd: tf.clipByValue(raw!, ...LOG_STD_BOUNDS) };
}

/** maximum tanh(mean): the mode before squashing, squashed. */
export const tanhGaussianMode = (output: Tensor, { maximum }: TanhGaussianOptions): Tensor =>
  tf.mul(maximum, tf.tanh(splitHeads(output).mean));

/**
 * A reparametrised sample of a Gaussian squashed by tanh, and its log-probability: output [batch, 2 action], standard
 * normal noise [batch, action].
 *
 * Source: SAC (Haarnoja et al. 2018), appendix C.
 */
export function tanhGaussianSample(output: Tensor, noise: Tensor, options: TanhGaussianOptions): ActionSample {
  const { mean, logStd } = splitHeads(output);
  const raw = tf.add(mean, tf.mul(tf.exp(logStd), noise));
  return squash(raw, standardLogProbability(noise, logStd), options);
}

/** A sample without its log-probability, for rollouts. */
export function tanhGaussianAction(output: Tensor, noise: Tensor, { maximum }: TanhGaussianOptions): Tensor {
  const { mean, logStd } = splitHeads(output);
  return tf.mul(maximum, tf.tanh(tf.add(mean, tf.mul(tf.exp(logStd), noise))));
}

/** Actions this close to the box's edge count as lying there: beyond, float32 has no digits left for the inverse. */
const EDGE = 1 - 2 ** -20;

/**
 * Log-density of given actions: output [batch, 2 action], action [batch, action] -> [batch, 1], in nats.
 *
 * The inverse of the squashing is taken of actions clamped to 1 - 2^-20 of the box.
 */
export function tanhGaussianLogProbability(output: Tensor, action: Tensor, options: TanhGaussianOptions): Tensor {
  const { mean, logStd } = splitHeads(output);
  const unit = tf.clipByValue(tf.div(action, options.maximum), -EDGE, EDGE);
  const raw = tf.mul(0.5, tf.log(tf.div(tf.add(1, unit), tf.sub(1, unit))));
  return tf.sub(gaussianLogProbability(raw, mean, logStd), logDerivativeOf(raw, unit, options));
}

function squash(raw: Tensor, logDensity: Tensor, options: TanhGaussianOptions): ActionSample {
  const unit = tf.tanh(raw);
  return {
    action: tf.mul(options.maximum, unit),
    logProbability: tf.sub(logDensity, logDerivativeOf(raw, unit, options)),
  };
}

/** Sum over entries of log |d action / d raw|: [batch, action] -> [batch, 1]. */
function logDerivativeOf(raw: Tensor, unit: Tensor, { maximum, logDerivative }: TanhGaussianOptions): Tensor {
  const entries =
    logDerivative === "stable"
      ? tf.add(Math.log(maximum), tf.mul(2, tf.sub(tf.sub(Math.LN2, raw), tf.softplus(tf.mul(-2, raw)))))
      : tf.log(tf.add(tf.mul(maximum, tf.sub(1, tf.square(unit))), EPSILON));
  return tf.sum(entries, -1, true);
}
