import {
  type Dimensions,
  type HostTensors,
  hostFloat32,
  type NoiseSpec,
  type Params,
  type PolicyFunction,
  type Random,
  type Specs,
  type TensorProgram,
  zerosOf,
} from "@lowerbound/core";
import {
  adamUpdate,
  clockSpec,
  differentiate,
  flatten,
  flattenHost,
  initialiseNetwork,
  softUpdate,
  tick,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { cloningForward, cloningLayout, cloningPolicy, cloningShape, cloningSpecs } from "../cloning/policy.js";
import type { Normaliser } from "../replay/normalise.js";
import { criticForward, criticShape, cut, sacLayouts } from "../sac/networks.js";
import { updateInputs } from "../sac/program.js";
import { withMoments } from "./states.js";
import type { Td3BcOptions } from "./td3-bc.js";

const acting = ({ hiddenSizes, maximumAction }: Td3BcOptions) =>
  ({ policy: "deterministic", hiddenSizes, maximumAction }) as const;

/** The actor: maximum tanh of a network on standardised observations. */
export const td3BcPolicy = (options: Td3BcOptions): PolicyFunction => cloningPolicy(acting(options));

function layoutsOf(dimensions: Dimensions, options: Td3BcOptions) {
  return {
    actor: cloningLayout(dimensions, acting(options)),
    critic: sacLayouts(dimensions, options.hiddenSizes).critic,
  };
}

function stateOf(dimensions: Dimensions, options: Td3BcOptions): Specs {
  const { network, ...scale } = cloningSpecs(dimensions, acting(options));
  const { critic } = layoutsOf(dimensions, options);
  return {
    ...scale,
    ...withMoments("network", network!.shape),
    ...withMoments("critic", [critic.size]),
    targetNetwork: network!,
    target: { dtype: "float32", shape: [critic.size] },
    clock: clockSpec,
    actorClock: clockSpec,
  };
}

/** Fresh networks beside the data's mean and spread of observations; targets equal their sources. */
export function initialiseTd3Bc(
  random: Random,
  dimensions: Dimensions,
  options: Td3BcOptions,
  { mean, std }: Normaliser,
): HostTensors {
  const uniform = { weight: uniformFanIn, bias: uniformFanIn };
  const layouts = layoutsOf(dimensions, options);
  const actorShape = cloningShape(dimensions, acting(options));
  const network = flattenHost(initialiseNetwork(random.stream("actor"), actorShape, uniform), layouts.actor);
  const twins = initialiseNetwork(random.stream("critic"), criticShape(dimensions, options.hiddenSizes), uniform);
  const critic = flattenHost(twins, layouts.critic);
  return {
    ...zerosOf(stateOf(dimensions, options)),
    network,
    critic,
    targetNetwork: { ...network, data: network.data.slice() },
    target: { ...critic, data: critic.data.slice() },
    observationMean: hostFloat32(mean, mean.length),
    observationStd: hostFloat32(std, std.length),
  };
}

/** policyDelay - 1 updates of the critics alone, then one of everything. */
export function td3BcPrograms(dimensions: Dimensions, options: Td3BcOptions, batch: number): readonly TensorProgram[] {
  const noise: NoiseSpec = { "noise/target": { distribution: "normal", shape: [batch, dimensions.action] } };
  const program = (name: string, fn: TensorProgram["fn"]): TensorProgram => ({
    name,
    state: stateOf(dimensions, options),
    inputs: updateInputs(dimensions, batch),
    noise,
    fn,
  });
  const critics = program("td3-bc-critics", (tensors) => criticUpdate(tensors, dimensions, options));
  const both = program("td3-bc-update", (tensors) => fullUpdate(tensors, dimensions, options));
  return [...new Array<TensorProgram>(options.policyDelay - 1).fill(critics), both];
}

/** A noisy, clipped action of the target actor [batch, action]. Source: TD3 (Fujimoto et al. 2018), section 5.3. */
function targetAction(tensors: Params, actor: Params, options: Td3BcOptions): Tensor {
  const { policyNoise, noiseClip, maximumAction: maximum } = options;
  const { mean } = cloningForward(tensors.nextObservation!, actor, tensors, acting(options));
  const noise = tf.clipByValue(tf.mul(policyNoise, tensors["noise/target"]!), -noiseClip, noiseClip);
  return tf.clipByValue(tf.add(mean, tf.mul(maximum, noise)), -maximum, maximum);
}

const scaled = (observation: Tensor, { observationMean, observationStd }: Params): Tensor =>
  tf.div(tf.sub(observation, observationMean!), observationStd!);

/** One step of the critics towards r + discount (1 - termination) min_i Q'_i(s', a'). */
export function criticUpdate(tensors: Params, dimensions: Dimensions, options: Td3BcOptions): Record<string, Tensor> {
  const layouts = layoutsOf(dimensions, options);
  const action = targetAction(tensors, cut(tensors.targetNetwork!, layouts.actor), options);
  const next = criticForward(scaled(tensors.nextObservation!, tensors), action, cut(tensors.target!, layouts.critic));
  const kept = tf.mul(options.discount, tf.sub(1, tensors.termination!));
  const target = tf.add(tensors.reward!, tf.mul(kept, tf.min(next, 0)));
  const observation = scaled(tensors.observation!, tensors);
  const { gradients, extras } = differentiate(cut(tensors.critic!, layouts.critic), (critic) => {
    const q = criticForward(observation, tensors.action!, critic);
    const losses = tf.mean(tf.squaredDifference(q, target), [1, 2]);
    return { loss: tf.sum(losses), extras: { losses, q } };
  });
  const clock = tick(tensors.clock!);
  const flat = { critic: flatten(gradients, layouts.critic) };
  const state = adamUpdate(tensors, flat, clock, { learningRate: options.criticLearningRate });
  const [criticLoss1, criticLoss2] = tf.split(extras.losses, 2);
  return {
    ...state,
    clock,
    criticLoss1: criticLoss1!,
    criticLoss2: criticLoss2!,
    qMean: tf.mean(extras.q),
    targetMean: tf.mean(target),
  };
}

/** Critics, then actor (against the updated critics), then both targets. */
function fullUpdate(tensors: Params, dimensions: Dimensions, options: Td3BcOptions): Record<string, Tensor> {
  const { actor: layout } = layoutsOf(dimensions, options);
  const critics = criticUpdate(tensors, dimensions, options);
  const { gradients, extras } = actorGradients({ ...tensors, critic: critics.critic! }, dimensions, options);
  const actorClock = tick(tensors.actorClock!);
  const flat = { network: flatten(gradients, layout) };
  const state = adamUpdate(tensors, flat, actorClock, { learningRate: options.actorLearningRate });
  return {
    ...critics,
    ...state,
    actorClock,
    target: softUpdate(tensors.target!, critics.critic!, options.tau),
    targetNetwork: softUpdate(tensors.targetNetwork!, state.network!, options.tau),
    ...extras,
  };
}

/**
 * Imitation less alpha Q_1 / mean |Q_1| at the actor's actions, with gradients by the actor; the mean is a constant.
 *
 * Source: TD3+BC (Fujimoto and Gu 2021), equations 3 to 5. Actions are imitated in half-widths of the box, so that alpha
 * means the same in every unit; public code's boxes are of half-width 1.
 */
export function actorGradients(tensors: Params, dimensions: Dimensions, options: Td3BcOptions) {
  const layouts = layoutsOf(dimensions, options);
  const critic = cut(tensors.critic!, layouts.critic);
  const observation = scaled(tensors.observation!, tensors);
  const network = cut(tensors.network!, layouts.actor);
  const firstOf = (action: Tensor): Tensor =>
    tf.slice(criticForward(observation, action, critic), [0, 0, 0], [1, -1, -1]);
  const present = cloningForward(tensors.observation!, network, tensors, acting(options)).mean;
  const weight = tf.div(options.alpha, tf.mean(tf.abs(firstOf(present))));
  return differentiate(network, (actor) => {
    const { mean: action } = cloningForward(tensors.observation!, actor, tensors, acting(options));
    const difference = tf.div(tf.sub(action, tensors.action!), options.maximumAction);
    const imitationLoss = tf.mean(tf.square(difference));
    const value = tf.mean(firstOf(action));
    const loss = tf.sub(imitationLoss, tf.mul(weight, value));
    return { loss, extras: { actorLoss: loss, imitationLoss } };
  });
}
