import {
  type Dimensions,
  float32,
  type HostTensors,
  hostFloat32,
  type Params,
  type PolicyFunction,
  type Random,
  type Specs,
  zerosOf,
} from "@lowerbound/core";
import {
  clockSpec,
  flattenHost,
  initialiseNetwork,
  layersOf,
  layoutOf,
  mlp,
  type NetworkShape,
  networkSpecs,
  relu,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { cloningLayout, layoutFor } from "../cloning/policy.js";
import { criticShape, cut, sacLayouts } from "../sac/networks.js";
import type { IqlOptions } from "./iql.js";
import { withMoments } from "./states.js";

/** Bounds of the logarithm of the actor's standard deviation. */
export const LOG_STD = [-5, 2] as const;

const shapeOf = ({ hiddenSizes }: IqlOptions) => ({ policy: "deterministic", hiddenSizes }) as const;

const valueShape = ({ observation }: Dimensions, { hiddenSizes }: IqlOptions): NetworkShape => ({
  sizes: [observation, ...hiddenSizes, 1],
});

export function layoutsOf(dimensions: Dimensions, options: IqlOptions) {
  return {
    actor: cloningLayout(dimensions, shapeOf(options)),
    critic: sacLayouts(dimensions, options.hiddenSizes).critic,
    value: layoutOf(networkSpecs(valueShape(dimensions, options))),
  };
}

export function stateOf(dimensions: Dimensions, options: IqlOptions): Specs {
  const { actor, critic, value } = layoutsOf(dimensions, options);
  return {
    ...withMoments("actor", [actor.size]),
    ...withMoments("logStd", [dimensions.action]),
    ...withMoments("critic", [critic.size]),
    ...withMoments("value", [value.size]),
    target: float32(critic.size),
    rewardScale: float32(1),
    updates: float32(1),
    clock: clockSpec,
  };
}

/** Fresh networks; the actor's standard deviation begins at 1. */
export function initialiseIql(
  random: Random,
  dimensions: Dimensions,
  options: IqlOptions,
  rewardScale: number,
): HostTensors {
  const layouts = layoutsOf(dimensions, options);
  const fresh = (name: string, shape: NetworkShape) =>
    initialiseNetwork(random.stream(name), shape, { weight: uniformFanIn, bias: uniformFanIn });
  const { observation, action } = dimensions;
  const actor = fresh("actor", { sizes: [observation, ...options.hiddenSizes, action] });
  const critic = flattenHost(fresh("critic", criticShape(dimensions, options.hiddenSizes)), layouts.critic);
  return {
    ...zerosOf(stateOf(dimensions, options)),
    actor: flattenHost(actor, layouts.actor),
    critic,
    target: { ...critic, data: critic.data.slice() },
    value: flattenHost(fresh("value", valueShape(dimensions, options)), layouts.value),
    rewardScale: hostFloat32(Float32Array.of(rewardScale), 1),
  };
}

export const meanAction = (observation: Tensor, actor: Params, maximum: number): Tensor =>
  tf.mul(maximum, tf.tanh(mlp(observation, layersOf(actor), relu)));

/** A Gaussian around maximum tanh(network) whose spread is the same everywhere, clipped to the box; its mean as mode. */
export const iqlPolicy = (options: IqlOptions): PolicyFunction => ({
  state: (dimensions) => ({
    actor: float32(layoutsOf(dimensions, options).actor.size),
    logStd: float32(dimensions.action),
  }),
  maximumAction: options.maximumAction,
  noise: ({ action }, batch) => ({ action: { distribution: "normal", shape: [batch, action] } }),
  act: (observation, params, noise) => {
    const layout = layoutFor(observation.shape[1]!, params.actor!.size, shapeOf(options));
    const mean = meanAction(observation, cut(params.actor!, layout), options.maximumAction);
    if (noise?.action === undefined) return mean;
    const std = tf.exp(tf.clipByValue(params.logStd!, ...LOG_STD));
    return tf.clipByValue(tf.add(mean, tf.mul(std, noise.action)), -options.maximumAction, options.maximumAction);
  },
});
