import type { CriticRegulariserInputs, Params, UpdateBatch, UpdateHooks } from "@lowerbound/core";
import { type ActionSample, type Differentiated, differentiate, tanhGaussianSample } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
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
 * Bellman target r + discount (1 - termination) (min_i Q_i(s', a') - alpha log pi(a' | s')) -> [batch, 1].
 *
 * Source: SAC (Haarnoja et al. 2018).
 */
export function bellmanTarget({ batch, next, target, alpha }: TargetInputs, { discount }: SacOptions): Tensor {
  const value = tf.min(criticForward(batch.nextObservation, next.action, target), 0);
  const soft = tf.sub(value, tf.mul(alpha, next.logProbability));
  return tf.add(batch.reward, tf.mul(tf.mul(discount, tf.sub(1, batch.termination)), soft));
}

export interface CriticInputs {
  readonly batch: UpdateBatch;
  /** [batch, 1] */
  readonly target: Tensor;
  readonly fromData: Tensor;
  readonly policy: CriticRegulariserInputs["policy"];
  readonly noise: Params;
}

export interface CriticExtras extends Params {
  /** [critics] */
  readonly losses: Tensor;
  /** [critics, batch, 1] */
  readonly q: Tensor;
}

/** Sum over critics of the mean of (Q - target)^2, and what a regulariser adds; with gradients by the critics. */
export function criticGradients(
  critic: Params,
  { batch, target, fromData, policy, noise }: CriticInputs,
  regulariser: UpdateHooks["criticRegulariser"],
): Differentiated<CriticExtras> {
  return differentiate(critic, (params) => {
    const q = criticForward(batch.observation, batch.action, params);
    const losses = tf.mean(tf.squaredDifference(q, target), [1, 2]);
    const bellman = tf.sum(losses);
    if (regulariser === undefined) return { loss: bellman, extras: { losses, q } };
    const value = (observation: Tensor, action: Tensor) => criticForward(observation, action, params);
    const added = regulariser.loss({ batch, fromData, critic: value, policy, noise });
    return { loss: tf.add(bellman, added.loss), extras: { losses, q, ...added.metrics } };
  });
}

export interface ActorInputs {
  readonly observation: Tensor;
  readonly noise: Tensor;
  /** Critics, already updated. */
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
