import type { Dimensions, Params, TensorProgram } from "@lowerbound/core";
import {
  adamUpdate,
  differentiate,
  flatten,
  gaussianLogProbability,
  layersOf,
  mlp,
  relu,
  softUpdate,
  tick,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { criticForward, cut } from "../sac/networks.js";
import { updateInputs } from "../sac/program.js";
import type { IqlOptions } from "./iql.js";
import { LOG_STD, layoutsOf, meanAction, stateOf } from "./iql-networks.js";

/** One update of value, actor, critics and targets, in this order. */
export const iqlProgram = (dimensions: Dimensions, options: IqlOptions, batch: number): TensorProgram => ({
  name: "iql-update",
  state: stateOf(dimensions, options),
  inputs: updateInputs(dimensions, batch),
  noise: {},
  fn: (tensors) => iqlUpdate(tensors, dimensions, options),
});

/**
 * mean of |expectile - 1(u < 0)| u^2, as a sum of one part above 0 and one below: u [batch, 1] -> [].
 *
 * Source: IQL (Kostrikov et al. 2022), equation 5.
 */
export function expectileLoss(u: Tensor, expectile: number): Tensor {
  const above = tf.square(tf.relu(u));
  const below = tf.square(tf.relu(tf.neg(u)));
  return tf.mean(tf.add(tf.mul(expectile, above), tf.mul(1 - expectile, below)));
}

function iqlUpdate(tensors: Params, dimensions: Dimensions, options: IqlOptions): Record<string, Tensor> {
  const layouts = layoutsOf(dimensions, options);
  const clock = tick(tensors.clock!);
  const critics = { learningRate: options.criticLearningRate };
  const valueAt = (observation: Tensor, value: Params) => mlp(observation, layersOf(value), relu);
  const q = tf.min(criticForward(tensors.observation!, tensors.action!, cut(tensors.target!, layouts.critic)), 0);
  const valueStep = differentiate(cut(tensors.value!, layouts.value), (value) => {
    const v = valueAt(tensors.observation!, value);
    return { loss: expectileLoss(tf.sub(q, v), options.expectile), extras: {} };
  });
  const value = adamUpdate(tensors, { value: flatten(valueStep.gradients, layouts.value) }, clock, critics);
  const updatedValue = cut(value.value!, layouts.value);
  const advantage = tf.sub(q, valueAt(tensors.observation!, updatedValue));
  const actor = actorUpdate(tensors, advantage, clock, { dimensions, options });
  const nextValue = valueAt(tensors.nextObservation!, updatedValue);
  const critic = criticUpdate(tensors, nextValue, clock, { dimensions, options });
  return {
    ...value,
    ...actor,
    ...critic,
    target: softUpdate(tensors.target!, critic.critic!, options.tau),
    clock,
    valueLoss: valueStep.loss,
    advantage: tf.mean(advantage),
  };
}

interface Context {
  readonly dimensions: Dimensions;
  readonly options: IqlOptions;
}

/** Weighted cloning: minus the mean of min(exp(beta advantage), maximum) log pi(a | s). */
function actorUpdate(
  tensors: Params,
  advantage: Tensor,
  clock: Tensor,
  { dimensions, options }: Context,
): Record<string, Tensor> {
  const { actor: layout } = layoutsOf(dimensions, options);
  const weight = tf.minimum(tf.exp(tf.mul(options.inverseTemperature, advantage)), options.maximumWeight);
  const parameters = { ...cut(tensors.actor!, layout), logStd: tensors.logStd! };
  const { loss, gradients } = differentiate(parameters, ({ logStd, ...actor }) => {
    const mean = meanAction(tensors.observation!, actor, options.maximumAction);
    const logProbability = gaussianLogProbability(tensors.action!, mean, tf.clipByValue(logStd!, ...LOG_STD));
    return { loss: tf.neg(tf.mean(tf.mul(weight, logProbability))), extras: {} };
  });
  const { logStd, ...network } = gradients;
  const flat = { actor: flatten(network, layout), logStd: logStd! };
  const next = adamUpdate(tensors, flat, clock, { learningRate: options.actorLearningRate });
  const updates = tf.add(tensors.updates!, 1);
  if (options.actorSchedule === "constant") return { ...next, updates, actorLoss: loss };
  const share = tf.mul(0.5, tf.add(1, tf.cos(tf.mul(Math.PI / options.updates, tensors.updates!))));
  const part = (name: "actor" | "logStd") => tf.add(tensors[name]!, tf.mul(share, tf.sub(next[name]!, tensors[name]!)));
  return { ...next, actor: part("actor"), logStd: part("logStd"), updates, actorLoss: loss };
}

/** Towards scale r + discount (1 - termination) V(s'). */
function criticUpdate(
  tensors: Params,
  nextValue: Tensor,
  clock: Tensor,
  { dimensions, options }: Context,
): Record<string, Tensor> {
  const { critic: layout } = layoutsOf(dimensions, options);
  const kept = tf.mul(options.discount, tf.sub(1, tensors.termination!));
  const target = tf.add(tf.mul(tensors.rewardScale!, tensors.reward!), tf.mul(kept, nextValue));
  const { gradients, extras } = differentiate(cut(tensors.critic!, layout), (critic) => {
    const q = criticForward(tensors.observation!, tensors.action!, critic);
    const losses = tf.mean(tf.squaredDifference(q, target), [1, 2]);
    return { loss: tf.sum(losses), extras: { losses, q } };
  });
  const learningRate = options.criticLearningRate;
  const state = adamUpdate(tensors, { critic: flatten(gradients, layout) }, clock, { learningRate });
  const [criticLoss1, criticLoss2] = tf.split(extras.losses, 2);
  return {
    ...state,
    criticLoss1: criticLoss1!,
    criticLoss2: criticLoss2!,
    qMean: tf.mean(extras.q),
    targetMean: tf.mean(target),
  };
}
