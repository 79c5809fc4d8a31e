import {
  type Dimensions,
  float32,
  type HostTensors,
  hostFloat32,
  type Params,
  type Random,
  type Specs,
  zerosOf,
} from "@lowerbound/core";
import {
  flatSpec,
  flattenHost,
  initialiseNetwork,
  type Layout,
  layersOf,
  layoutOf,
  mlp,
  momentSpecs,
  networkSpecs,
  unflatten,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { scaleSpecs } from "../sac/scale.js";
import type { PpoOptions } from "./options.js";

const LOG_STD = "logStd";

const actorShape = ({ observation, action }: Dimensions, { hiddenSizes }: Pick<PpoOptions, "hiddenSizes">) => ({
  sizes: [observation, ...hiddenSizes, action],
});
const valueShape = ({ observation }: Pick<Dimensions, "observation">, { hiddenSizes }: PpoOptions) => ({
  sizes: [observation, ...hiddenSizes, 1],
});

/** Where each weight lies in the flat policy: the network of the mean, then one log standard deviation an action. */
export const actorLayout = (dimensions: Dimensions, options: PpoOptions): Layout =>
  layoutOf({ ...networkSpecs(actorShape(dimensions, options)), [LOG_STD]: float32(dimensions.action) });

export const valueLayout = (dimensions: Pick<Dimensions, "observation">, options: PpoOptions): Layout =>
  layoutOf(networkSpecs(valueShape(dimensions, options)));

/** PPO's state: flat vectors of policy and value network with Adam's moments, and the scale of observations. */
export function ppoState(dimensions: Dimensions, options: PpoOptions): Specs {
  const networks = {
    actor: flatSpec(actorLayout(dimensions, options)),
    value: flatSpec(valueLayout(dimensions, options)),
  };
  return { ...networks, ...momentSpecs(networks), clock: float32(2), ...scaleSpecs(dimensions, options) };
}

/** Fresh networks and zero moments; the policy's last layer is a hundredth of the usual size, so that it starts near 0. */
export function initialisePpo(random: Random, dimensions: Dimensions, options: PpoOptions): HostTensors {
  const uniform = { weight: uniformFanIn, bias: uniformFanIn };
  const actor = initialiseNetwork(random.stream("actor"), actorShape(dimensions, options), uniform);
  const value = initialiseNetwork(random.stream("value"), valueShape(dimensions, options), uniform);
  const logStd = hostFloat32(new Float32Array(dimensions.action).fill(options.initialLogStd), dimensions.action);
  return {
    ...zerosOf(ppoState(dimensions, options)),
    actor: flattenHost({ ...smallLastLayer(actor), [LOG_STD]: logStd }, actorLayout(dimensions, options)),
    value: flattenHost(value, valueLayout(dimensions, options)),
  };
}

function smallLastLayer(network: HostTensors): HostTensors {
  const last = Object.keys(network).slice(-2);
  const entries = Object.entries(network).map(([name, tensor]) => {
    const data = (tensor.data as Float32Array).map((value) => (last.includes(name) ? 0.01 * value : value));
    return [name, { ...tensor, data }] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Heads as {@link tanhGaussianMode} and its like take them: [batch, observation] -> [batch, 2 action].
 *
 * The standard deviation is the same at every observation, as in PPO's and MOReL's public code.
 */
export function actorHeads(observation: Tensor, actor: Params): Tensor {
  const { [LOG_STD]: logStd, ...network } = actor;
  const mean = mlp(observation, layersOf(network), tf.tanh);
  return tf.concat([mean, tf.add(tf.zerosLike(mean), logStd!)], -1);
}

/** V: [batch, observation] -> [batch, 1]. */
export const valueForward = (observation: Tensor, value: Params): Tensor => mlp(observation, layersOf(value), tf.tanh);

/** The policy's layout from what acting sees: length of the observation and of the flat vector. */
export function layoutOfActor(observation: number, size: number, options: PpoOptions): Layout {
  const without = actorLayout({ observation, action: 0 }, options).size;
  const action = (size - without) / ((options.hiddenSizes.at(-1) ?? observation) + 2);
  return actorLayout({ observation, action }, options);
}

export const cut = (flat: Tensor, layout: Layout): Params => unflatten(flat, layout);
