import type { TensorProgram } from "@lowerbound/core";
import { type Dimensions, float32, type HostTensors, type Params, type Random, type Specs } from "@lowerbound/core";
import {
  adamUpdate,
  clockSpec,
  differentiate,
  flatSpec,
  flatten,
  flattenHost,
  initialiseNetwork,
  type Layout,
  layersOf,
  layoutOf,
  mlp,
  type NetworkShape,
  networkSpecs,
  relu,
  tick,
  tileMembers,
  unflatten,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { FqeOptions } from "./fqe-options.js";

type Shape = Pick<FqeOptions, "hiddenSizes" | "critics">;

/** Critics side by side, [observation + action, hidden..., 1] each. */
export const fqeShape = ({ observation, action }: Dimensions, { hiddenSizes, critics }: Shape): NetworkShape => ({
  sizes: [observation + action, ...hiddenSizes, 1],
  members: critics,
});

export const fqeLayout = (dimensions: Dimensions, options: Shape): Layout =>
  layoutOf(networkSpecs(fqeShape(dimensions, options)));

/** Flat vectors of critics and targets, Adam's moments and clock. */
export function fqeState(dimensions: Dimensions, options: Shape): Specs {
  const flat = flatSpec(fqeLayout(dimensions, options));
  return { critic: flat, "m/critic": flat, "v/critic": flat, target: flat, clock: clockSpec };
}

/** Fresh critics, as PyTorch initialises linear layers; targets equal them. */
export function initialiseFqe(random: Random, dimensions: Dimensions, options: Shape): HostTensors {
  const initialiser = { weight: uniformFanIn, bias: uniformFanIn };
  const network = initialiseNetwork(random, fqeShape(dimensions, options), initialiser);
  const critic = flattenHost(network, fqeLayout(dimensions, options));
  const { shape, data } = critic;
  const zero = () => ({ dtype: "float32" as const, shape, data: new Float32Array(data.length) });
  return {
    critic,
    "m/critic": zero(),
    "v/critic": zero(),
    target: { ...critic, data: Float32Array.from(data) },
    clock: { ...clockSpec, data: new Float32Array(2) },
  };
}

/** Q of pairs: [batch, observation], [batch, action] -> [critics, batch, 1]. */
export function fqeForward(observation: Tensor, action: Tensor, network: Params): Tensor {
  const layers = layersOf(network);
  return mlp(tileMembers(tf.concat([observation, action], -1), layers[0]!.weight.shape[0]!), layers, relu);
}

export interface FqeUpdate {
  /** What replaces the state. */
  readonly next: Record<string, Tensor>;
  /** Sum over critics of the mean squared error, []. */
  readonly loss: Tensor;
  readonly gradients: Params;
  /** Least target critic at the next observation, and the regression target, [batch, 1]. */
  readonly targetValue: Tensor;
  readonly target: Tensor;
}

/**
 * One update of fitted Q evaluation: targets reward + continuation Q'(s', pi(s')), squared error, Adam, and a copy to the
 * targets where `copy` [1] is 1.
 *
 * Inputs: observation, action, reward [batch, 1], nextObservation, nextAction (the evaluated policy's), continuation
 * [batch, 1], the discount to the power of the steps that a transition spans, 0 at terminal states.
 * Source: Le, Voloshin and Yue 2019, algorithm 3; with target networks as in d3rlpy, whose first copy comes after
 * update 0 whatever the interval (`firstCopy`: "immediately"), ours after an interval.
 */
export function fqeUpdate(tensors: Params, dimensions: Dimensions, options: FqeOptions): FqeUpdate {
  const layout = fqeLayout(dimensions, options);
  const { observation, action, reward, nextObservation, nextAction, continuation, copy } = tensors;
  const nextQ = fqeForward(nextObservation!, nextAction!, unflatten(tensors.target!, layout));
  const targetValue = tf.min(nextQ, 0);
  const target = tf.add(reward!, tf.mul(continuation!, targetValue));
  const { loss, gradients } = differentiate(unflatten(tensors.critic!, layout), (network) => {
    const error = tf.sub(fqeForward(observation!, action!, network), tf.expandDims(target, 0));
    return { loss: tf.sum(tf.mean(tf.square(error), [1, 2])), extras: {} };
  });
  const clock = tick(tensors.clock!);
  const stepped = adamUpdate(tensors, { critic: flatten(gradients, layout) }, clock, options);
  const copied = tf.add(tf.mul(copy!, stepped.critic!), tf.mul(tf.sub(1, copy!), tensors.target!));
  return { next: { ...stepped, clock, target: copied }, loss, gradients, targetValue, target };
}

/** Inputs of {@link fqeUpdate}. */
export const fqeInputs = ({ observation, action }: Dimensions, batch: number): Specs => ({
  observation: float32(batch, observation),
  action: float32(batch, action),
  reward: float32(batch, 1),
  nextObservation: float32(batch, observation),
  nextAction: float32(batch, action),
  continuation: float32(batch, 1),
  copy: float32(1),
});

/** {@link fqeUpdate} as a program; output `loss` []. */
export const fqeProgram = (dimensions: Dimensions, options: FqeOptions, batch: number): TensorProgram => ({
  name: "fitted-q-evaluation-update",
  state: fqeState(dimensions, options),
  inputs: fqeInputs(dimensions, batch),
  noise: {},
  fn: (tensors) => {
    const { next, loss } = fqeUpdate(tensors, dimensions, options);
    return { ...next, loss };
  },
});

/** Values of pairs, mean over critics: observation, action -> `value` [batch, 1]. */
export const fqeValueProgram = (dimensions: Dimensions, options: Shape, batch: number): TensorProgram => ({
  name: "fitted-q-evaluation-value",
  state: { critic: flatSpec(fqeLayout(dimensions, options)) },
  inputs: { observation: float32(batch, dimensions.observation), action: float32(batch, dimensions.action) },
  noise: {},
  fn: ({ observation, action, critic }) => ({
    value: tf.mean(fqeForward(observation!, action!, unflatten(critic!, fqeLayout(dimensions, options))), 0),
  }),
});

/** Whether update `index`, from 0, ends with a copy to the targets. */
export const copiesAfter = (index: number, { targetInterval, firstCopy }: FqeOptions): boolean =>
  (firstCopy === "immediately" ? index : index + 1) % targetInterval === 0;

const UNSEEN = 0.05;

/**
 * A warning where more than 5 % of an endless constant reward's value lies beyond what so many copies to the targets can
 * have seen: discount to the power of the copies. d3rlpy's interval of 100 leaves 37 % after 10 000 updates at 0.99.
 */
export function unseenWarning({ updates, targetInterval }: FqeOptions, discount: number): string | undefined {
  // At a discount of 0 a value is the reward, which needs no copy.
  const share = discount === 0 ? 0 : discount ** Math.floor(updates / targetInterval);
  if (share <= UNSEEN) return undefined;
  return `so few copies to the targets leave up to ${(100 * share).toFixed(0)} % of a value unseen: raise the updates`;
}
