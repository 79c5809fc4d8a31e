import type { Params } from "@lowerbound/core";
import { type Differentiated, differentiate } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { ensembleForward } from "./network.js";

export interface EnsembleBatch {
  /** Standardised (observation, action), each member its own rows: [members, batch, input]. */
  readonly inputs: Tensor;
  /** Change of observation, then reward: [members, batch, observation + 1]. */
  readonly targets: Tensor;
}

export interface LossOptions {
  readonly weightDecays: readonly number[];
  readonly logVarBoundCoefficient: number;
}

/** Terms of the loss, a member where they differ: weightedError, logVar [members]; bounds, decay []. */
export interface LossTerms extends Params {
  readonly weightedError: Tensor;
  readonly logVar: Tensor;
  readonly bounds: Tensor;
  readonly decay: Tensor;
}

/**
 * The ensemble's loss, its gradients and its terms: Gaussian likelihood, weight decay, pull on the log-variance bounds.
 *
 * Summed over members: mean of (mean - y)^2 exp(-logVar) and mean of logVar; decay is decays[layer] / 2 times the
 * squared weights, biases not decayed. Source: PETS (Chua et al. 2018); coefficients of MBPO's code.
 */
export function ensembleGradients(
  params: Params,
  { inputs, targets }: EnsembleBatch,
  { weightDecays, logVarBoundCoefficient }: LossOptions,
): Differentiated<LossTerms> {
  const { loss, gradients, extras } = differentiate(params, (trained) => {
    const { mean, logVar } = ensembleForward(inputs, trained);
    const weightedError = tf.mean(tf.mul(tf.squaredDifference(mean, targets), tf.exp(tf.neg(logVar))), [1, 2]);
    const logVarMean = tf.mean(logVar, [1, 2]);
    const range = tf.sub(tf.sum(trained.maxLogVar!), tf.sum(trained.minLogVar!));
    const bounds = tf.mul(logVarBoundCoefficient, range);
    const total = tf.add(tf.sum(tf.add(weightedError, logVarMean)), bounds);
    return { loss: total, extras: { weightedError, logVar: logVarMean, bounds } };
  });
  // The decay's gradient is plain; taking it here spares the graph a pass over all weights.
  const decayed = { ...gradients };
  for (const [layer, decay] of weightDecays.entries()) {
    const name = `weight${layer}`;
    if (decay > 0) decayed[name] = tf.add(gradients[name]!, tf.mul(decay, params[name]!));
  }
  const decay = decayTerm(params, weightDecays);
  return { loss: tf.add(loss, decay), gradients: decayed, extras: { ...extras, decay } };
}

function decayTerm(params: Params, weightDecays: readonly number[]): Tensor {
  const terms = weightDecays.map((decay, layer) => tf.mul(decay / 2, tf.sum(tf.square(params[`weight${layer}`]!))));
  return terms.reduce((total, term) => tf.add(total, term), tf.scalar(0));
}

/** Mean squared error of each member's means on the same rows: inputs [batch, input], targets [batch, output] -> [members]. */
export function holdoutErrors(inputs: Tensor, targets: Tensor, params: Params): Tensor {
  const { mean } = ensembleForward(tf.expandDims(inputs, 0), params);
  return tf.mean(tf.squaredDifference(mean, targets), [1, 2]);
}
