import {
  type CriticRegulariserInputs,
  type Params,
  scoped,
  type UpdateBatch,
  type UpdateHooks,
  unscoped,
} from "@lowerbound/core";
import { type ActionSample, type Differentiated, differentiate, tanhGaussianSample } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { criticOfActions } from "./critic-of-actions.js";
import { sumOfGroups } from "./groups.js";
import { actorForward, criticForward } from "./networks.js";
import type { SacOptions } from "./options.js";

/** A sample of the policy and its log-probability: observation [batch, observation], noise [batch, action]. */
export const samplePolicy = (observation: Tensor, noise: Tensor, actor: Params, options: SacOptions): ActionSample =>
  tanhGaussianSample(actorForward(observation, actor), noise, {
    maximum: options.maximumAction,
    logDerivative: options.logDerivative,
  });

export interface TargetInputs {
  readonly batch: UpdateBatch;
  readonly next: ActionSample;
  /** Target critics. */
  readonly target: Params;
  /** [1] */
  readonly alpha: Tensor;
}

/**
 * Bellman target r + discount (1 - termination) V(s') -> [batch, 1], where V is by the backup's name: `soft`,
 * min_i Q_i(s', a') - alpha log pi(a' | s'); `plain`, without the entropy; or min_i max_k Q_i(s', a'_k), for which
 * `next` holds several actions an observation.
 *
 * Source: SAC (Haarnoja et al. 2018); CQL (Kumar et al. 2020), appendix F, for the other two.
 */
export function bellmanTarget(
  { batch, next, target, alpha }: TargetInputs,
  { discount }: SacOptions,
  backup: UpdateHooks["backup"] = "soft",
): Tensor {
  const value = nextValue({ batch, next, target, alpha }, backup);
  return tf.add(batch.reward, tf.mul(tf.mul(discount, tf.sub(1, batch.termination)), value));
}

function nextValue({ batch, next, target, alpha }: TargetInputs, backup: NonNullable<UpdateHooks["backup"]>): Tensor {
  if (typeof backup === "object") {
    const q = criticOfActions(batch.nextObservation, next.action, target);
    return tf.expandDims(tf.min(tf.max(q, 1), 0), -1);
  }
  const value = tf.min(criticForward(batch.nextObservation, next.action, target), 0);
  return backup === "plain" ? value : tf.sub(value, tf.mul(alpha, next.logProbability));
}

export interface CriticInputs {
  readonly batch: UpdateBatch;
  /** [batch, 1] */
  readonly target: Tensor;
  readonly fromData: Tensor;
  readonly policy: CriticRegulariserInputs["policy"];
  /** The update's tensors, among them the regulariser's noise and state. */
  readonly tensors: Params;
}

export interface CriticExtras extends Params {
  /** [critics] */
  readonly losses: Tensor;
  /** [critics, batch, 1] */
  readonly q: Tensor;
}

/** Gradients of the critics' loss, and what their regulariser has to say. */
export interface CriticGradients {
  readonly gradients: Params;
  readonly extras: CriticExtras;
  /** The regulariser's metrics, and what replaces its state. */
  readonly metrics: Params;
  readonly state: Params;
}

/** Sum over critics of the mean of (Q - target)^2, and what a regulariser adds; with gradients by the critics. */
export function criticGradients(
  critic: Params,
  inputs: CriticInputs,
  regulariser: UpdateHooks["criticRegulariser"],
): CriticGradients {
  const { gradients, extras } = differentiate(critic, (params) => {
    const q = criticForward(inputs.batch.observation, inputs.batch.action, params);
    const losses = tf.mean(tf.squaredDifference(q, inputs.target), [1, 2]);
    const bellman = tf.sum(losses);
    if (regulariser === undefined) return { loss: bellman, extras: { losses, q } };
    const { loss, metrics, state = {} } = regulariser.loss(regulariserInputs(inputs, q, params));
    return {
      loss: tf.add(bellman, loss),
      extras: { losses, q, ...scoped("metrics", metrics), ...scoped("state", state) },
    };
  });
  const { losses, q } = extras;
  const [metrics, state] = [unscoped<Tensor>("metrics", extras), unscoped<Tensor>("state", extras)];
  return { gradients, extras: { losses: losses!, q: q! }, metrics, state };
}

/** What a regulariser sees of critics with these parameters. */
export const regulariserInputs = (
  { batch, fromData, policy, tensors }: Pick<CriticInputs, "batch" | "fromData" | "policy" | "tensors">,
  q: Tensor,
  params: Params,
): CriticRegulariserInputs => ({
  batch,
  fromData,
  q,
  critic: (observation, action) => criticForward(observation, action, params),
  criticOfActions: (observation, actions) => criticOfActions(observation, actions, params),
  sumOfGroups: (groups, valueAt) =>
    sumOfGroups(params, groups, (critic, group) =>
      valueAt((observation, actions) => criticOfActions(observation, actions, critic), group),
    ),
  policy,
  noise: tensors,
  state: tensors,
});

export interface ActorInputs {
  readonly observation: Tensor;
  readonly noise: Tensor;
  /** Critics, updated already or not. */
  readonly critic: Params;
  readonly alpha: Tensor;
}

export interface ActorExtras extends Params {
  /** [batch, 1] */
  readonly logProbability: Tensor;
  readonly action: Tensor;
  /** [critics, batch, 1] */
  readonly q: Tensor;
}

/** Mean of alpha log pi(a | s) - min_i Q_i(s, a) at sampled actions, with gradients by the actor. */
export function actorGradients(
  actor: Params,
  { observation, noise, critic, alpha }: ActorInputs,
  options: SacOptions,
): Differentiated<ActorExtras> {
  return differentiate(actor, (params) => {
    const { action, logProbability } = samplePolicy(observation, noise, params, options);
    const q = criticForward(observation, action, critic);
    const loss = tf.sub(tf.mul(alpha, tf.mean(logProbability)), tf.mean(tf.min(q, 0)));
    return { loss, extras: { logProbability, action, q } };
  });
}

/** -log alpha times the mean of (log pi + target entropy), and its gradient by log alpha; [1] each. */
export function temperatureGradient(
  logAlpha: Tensor,
  logProbability: Tensor,
  targetEntropy: number,
): { loss: Tensor; gradient: Tensor } {
  const gradient = tf.neg(tf.reshape(tf.add(tf.mean(logProbability), targetEntropy), [1]));
  return { loss: tf.mul(logAlpha, gradient), gradient };
}
