import type { CriticRegulariserInputs } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { logSumExp } from "./log-sum-exp.js";
import type { ConservativeOptions } from "./options.js";

/** Kinds of sampled actions, in the order in which they lie: the policy's, its own at the next state, uniform ones. */
export const KINDS = 3;

/** States at which actions are sampled, and the ones after them: [rows, observation] each. */
export type SampledStates = Pick<CriticRegulariserInputs["batch"], "observation" | "nextObservation">;

/** Half-width of the box that uniform actions come from, 1 where left out, and the density they are given. */
export type ActionBox = Pick<ConservativeOptions, "uniformDensity"> & { readonly maximumAction?: number | undefined };

export interface SampledActions {
  /** [kinds * samples, rows, action] */
  readonly actions: Tensor;
  /** Logarithm of each action's density [kinds * samples, rows]. */
  readonly logDensity: Tensor;
}

/**
 * Actions of three kinds, of pi(s), of pi(s') (to be put at s), and uniform, each `samples` times.
 *
 * Source: CQL (Kumar et al. 2020), appendix F.
 */
export function sampleActions(
  { policy, noise }: Pick<CriticRegulariserInputs, "policy" | "noise">,
  { observation, nextObservation }: SampledStates,
  { maximumAction = 1, uniformDensity }: ActionBox,
): SampledActions {
  const now = policy(observation, noise["noise/policy"]!);
  const next = policy(nextObservation, noise["noise/nextPolicy"]!);
  const uniform = tf.mul(maximumAction, tf.sub(tf.mul(2, noise["noise/uniform"]!), 1));
  const [samples = 0, rows = 0, width = 0] = uniform.shape;
  const half = uniformDensity === "box" ? maximumAction : 1;
  const uniformLog = tf.fill([samples, rows, 1], -width * Math.log(2 * half));
  return {
    actions: tf.concat([now.action, next.action, uniform], 0),
    logDensity: tf.squeeze(tf.concat([now.logProbability, next.logProbability, uniformLog], 0), [2]),
  };
}

export interface SampledValues {
  /** Q at the sampled actions [critics, kinds, samples, rows]. */
  readonly q: Tensor;
  /** The same less the logarithm of each action's density: importance weights inside a log-sum-exp. */
  readonly weighted: Tensor;
}

/** Q at sampled actions. As in public code, the log of the number of samples, a constant, is left out. */
export function sampledValues(
  criticOfActions: CriticRegulariserInputs["criticOfActions"],
  observation: Tensor,
  { actions, logDensity }: SampledActions,
): SampledValues {
  const q = criticOfActions(observation, actions);
  const [critics = 0, all = 0, rows = 0] = q.shape;
  const byKind = (x: Tensor): Tensor => tf.reshape(x, [critics, KINDS, all / KINDS, rows]);
  return { q: byKind(q), weighted: byKind(tf.sub(q, logDensity)) };
}

/**
 * T times the mean of log-sum-exp(values / T): [critics, kinds, samples, rows] -> [critics].
 *
 * `all` sums over every sample of a state, `three` over one of each kind. Public code means the first and, because it
 * drops a reshape, does the second.
 */
export function softMaximum(
  values: Tensor,
  { softmaxTemperature: temperature, layout }: Pick<ConservativeOptions, "softmaxTemperature" | "layout">,
): Tensor {
  const [critics = 0, , samples = 0, rows = 0] = values.shape;
  const groups = layout === "all" ? [critics, KINDS * samples, rows] : [critics, KINDS, samples * rows];
  const scaled = temperature === 1 ? values : tf.div(values, temperature);
  return tf.mul(temperature, tf.mean(logSumExp(tf.reshape(scaled, groups)), 1));
}

/** Mean over marked rows: q [critics, rows, 1], marks [rows, 1] of 0 and 1 -> [critics]; 0 where no row is marked. */
export const markedMean = (q: Tensor, marks: Tensor): Tensor =>
  tf.div(tf.sum(tf.mul(q, marks), [1, 2]), tf.maximum(tf.sum(marks), 1));
