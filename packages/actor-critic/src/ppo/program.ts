import { type Dimensions, float32, type Params, type TensorProgram } from "@lowerbound/core";
import { adamUpdate, differentiate, flatten, splitHeads, tanhGaussianLogProbability, tick } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { seen } from "../sac/scale.js";
import { clippedLoss, shortened, valueLoss } from "./losses.js";
import { actorHeads, actorLayout, cut, ppoState, valueForward, valueLayout } from "./networks.js";
import type { PpoOptions } from "./options.js";
import { squashOf } from "./policy.js";

/** Entropy of a standard normal number, in nats. */
const ENTROPY = 0.5 * Math.log(2 * Math.PI * Math.E);

/** The policy's loss on a mini-batch, and what it met on the way; differentiable in `actor`. */
export function ppoActorLoss(actor: Params, tensors: Params, options: PpoOptions) {
  const heads = actorHeads(seen(tensors.observation!, tensors), actor);
  const logProbability = tanhGaussianLogProbability(heads, tensors.action!, squashOf(options));
  const oldLogProbability = tensors.logProbability!;
  const surrogate = clippedLoss({ logProbability, oldLogProbability, advantage: tensors.advantage! }, options.clip);
  const entropy = tf.mean(tf.sum(tf.add(splitHeads(heads).logStd, ENTROPY), -1));
  const loss = tf.sub(surrogate, tf.mul(options.entropyBonus, entropy));
  return { loss, extras: { logProbability, entropy } };
}

/**
 * One PPO update on a mini-batch of a fresh rollout: the clipped objective for the policy, squared error for the values.
 *
 * Source: PPO (Schulman et al. 2017). The entropy is the Gaussian's before squashing, which has a closed form.
 */
export function ppoProgram(dimensions: Dimensions, options: PpoOptions, batch: number): TensorProgram {
  return {
    name: "ppo-update",
    state: ppoState(dimensions, options),
    inputs: {
      observation: float32(batch, dimensions.observation),
      action: float32(batch, dimensions.action),
      logProbability: float32(batch, 1),
      advantage: float32(batch, 1),
      valueTarget: float32(batch, 1),
    },
    noise: {},
    fn: (tensors) => update(tensors, dimensions, options),
  };
}

function update(tensors: Params, dimensions: Dimensions, options: PpoOptions): Record<string, Tensor> {
  const layouts = { actor: actorLayout(dimensions, options), value: valueLayout(dimensions, options) };
  const clock = tick(tensors.clock!);
  const actor = differentiate(cut(tensors.actor!, layouts.actor), (params) => ppoActorLoss(params, tensors, options));
  const value = differentiate(cut(tensors.value!, layouts.value), (params) => {
    const values = valueForward(seen(tensors.observation!, tensors), params);
    return { loss: valueLoss(values, tensors.valueTarget!), extras: { values } };
  });
  const step = (name: "actor" | "value", gradients: Params, learningRate: number) => {
    const gradient = shortened(flatten(gradients, layouts[name]), options.maximumGradientNorm);
    return adamUpdate(tensors, { [name]: gradient }, clock, { learningRate });
  };
  return {
    ...step("actor", actor.gradients, options.actorLearningRate),
    ...step("value", value.gradients, options.valueLearningRate),
    clock,
    actorLoss: actor.loss,
    valueLoss: value.loss,
    valueMean: tf.mean(value.extras.values),
    ...distances(actor.extras.logProbability, tensors.logProbability!, options),
    entropy: actor.extras.entropy,
  };
}

/** How far the policy went from the one that acted: divergence in nats, and the share of rows beyond the clip. */
function distances(logProbability: Tensor, before: Tensor, { clip }: PpoOptions): Record<string, Tensor> {
  const logRatio = tf.sub(logProbability, before);
  const ratio = tf.exp(logRatio);
  const beyond = tf.greater(tf.abs(tf.sub(ratio, 1)), clip);
  return {
    policyDivergence: tf.mean(tf.sub(tf.sub(ratio, 1), logRatio)),
    clippedShare: tf.mean(tf.cast(beyond, "float32")),
  };
}
