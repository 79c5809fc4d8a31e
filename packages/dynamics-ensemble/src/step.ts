import type {
  Dimensions,
  DynamicsStep,
  DynamicsStepInputs,
  HostTensors,
  MemberPrediction,
  NoiseSpec,
  Params,
} from "@lowerbound/core";
import { gaussianSample, tileMembers } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type EnsembleOutput, ensembleForward, standardise } from "./network.js";

/** Members' Gaussians of the next observation and reward: observation [batch, observation], action [batch, action]. */
export function ensemblePredict(
  { observation, action }: { readonly observation: Tensor; readonly action: Tensor },
  params: Params,
): MemberPrediction {
  const { mean, logVar, size } = forward(observation, action, params);
  const [change, meanReward] = tf.split(mean, [size, 1], -1);
  return { meanObservation: tf.add(change!, observation), meanReward: meanReward!, logVar };
}

function forward(observation: Tensor, action: Tensor, params: Params) {
  const inputs = standardise(tf.concat([observation, action], -1), params);
  return { ...ensembleForward(tileMembers(inputs, params.weight0!.shape[0]!), params), size: observation.shape[1]! };
}

/**
 * One step of the model: a member among the elites for each row, a sample of its Gaussian.
 *
 * Noise: `member` int32 [batch], a member's index; `sample` [batch, observation + 1], standard normal.
 * Source: MBPO (Janner et al. 2019), section 5.
 */
export function ensembleStep({ observation, action, noise }: DynamicsStepInputs, params: Params): DynamicsStep {
  const { mean, logVar, size } = forward(observation, action, params);
  const sample = sampleMembers({ mean, logVar }, noise);
  const [change, reward] = tf.split(sample, [size, 1], -1);
  const [meanChange, meanReward] = tf.split(mean, [size, 1], -1);
  return {
    nextObservation: tf.add(observation, change!),
    reward: reward!,
    carry: {},
    prediction: { meanObservation: tf.add(meanChange!, observation), meanReward: meanReward!, logVar },
    elites: params.elites!,
  };
}

/** A sample of the drawn members' Gaussians: members' output, noise as {@link ensembleStep} takes it -> [batch, observation + 1]. */
export function sampleMembers({ mean, logVar }: EnsembleOutput, { member, sample }: Params): Tensor {
  const chosen = memberMask(member!, mean.shape[0]!);
  const pick = (values: Tensor): Tensor => tf.sum(tf.mul(chosen, values), 0);
  return gaussianSample(pick(mean), pick(logVar), sample!);
}

/** 1 where a member was chosen: int32 [batch] -> [members, batch, 1]; a product, because not every engine can gather's gradient. */
function memberMask(member: Tensor, members: number): Tensor {
  const each = tf.expandDims(tf.range(0, members, 1, "int32"), 1);
  return tf.expandDims(tf.cast(tf.equal(tf.expandDims(member, 0), each), "float32"), -1);
}

/** Random numbers of a step. */
export function ensembleNoise({ observation }: Dimensions, batch: number, fitted: HostTensors): NoiseSpec {
  const elites = fitted.elites;
  return {
    member: { distribution: "choice", shape: [batch], values: elites === undefined ? [] : [...elites.data] },
    sample: { distribution: "normal", shape: [batch, observation + 1] },
  };
}
