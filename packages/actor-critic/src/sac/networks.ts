import { type Dimensions, float32, type HostTensors, type Params, type Random, type Specs } from "@lowerbound/core";
import {
  flatSpec,
  flattenHost,
  initialiseNetwork,
  type Layout,
  layersOf,
  layoutOf,
  mlp,
  type NetworkShape,
  networkSpecs,
  relu,
  tileMembers,
  unflatten,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

export const CRITICS = 2;

/** Actor [observation, hidden..., 2 action]: mean and log standard deviation. */
export const actorShape = ({ observation, action }: Dimensions, hiddenSizes: readonly number[]): NetworkShape => ({
  sizes: [observation, ...hiddenSizes, 2 * action],
});

/** Both critics side by side, [observation + action, hidden..., 1] each. */
export const criticShape = ({ observation, action }: Dimensions, hiddenSizes: readonly number[]): NetworkShape => ({
  sizes: [observation + action, ...hiddenSizes, 1],
  members: CRITICS,
});

export interface Layouts {
  readonly actor: Layout;
  readonly critic: Layout;
}

/** Where each weight lies in the flat vectors that hold actor and critics. */
export const sacLayouts = (dimensions: Dimensions, hiddenSizes: readonly number[]): Layouts => ({
  actor: layoutOf(networkSpecs(actorShape(dimensions, hiddenSizes))),
  critic: layoutOf(networkSpecs(criticShape(dimensions, hiddenSizes))),
});

/** Actor's layout from what a policy sees: length of the observation and of the flat vector. */
export function actorLayout(observation: number, size: number, hiddenSizes: readonly number[]): Layout {
  const without = layoutOf(networkSpecs(actorShape({ observation, action: 0 }, hiddenSizes))).size;
  const action = (size - without) / (2 * ((hiddenSizes.at(-1) ?? observation) + 1));
  return layoutOf(networkSpecs(actorShape({ observation, action }, hiddenSizes)));
}

/**
 * SAC's state: flat vectors of actor, critics and target critics with Adam's moments, the temperature and its log.
 *
 * Flat, because one vector needs a handful of kernels a step where two dozen tensors need hundreds.
 */
export function sacState(dimensions: Dimensions, hiddenSizes: readonly number[]): Specs {
  const { actor, critic } = sacLayouts(dimensions, hiddenSizes);
  const withMoments = (name: string, spec: ReturnType<typeof flatSpec>) => ({
    [name]: spec,
    [`m/${name}`]: spec,
    [`v/${name}`]: spec,
  });
  return {
    ...withMoments("actor", flatSpec(actor)),
    ...withMoments("critic", flatSpec(critic)),
    target: flatSpec(critic),
    ...withMoments("logAlpha", float32(1)),
    alpha: float32(1),
    clock: float32(2),
  };
}

const uniform = { weight: uniformFanIn, bias: uniformFanIn };

/** Fresh flat vectors of actor and critics, as PyTorch initialises linear layers. */
export function initialiseNetworks(
  random: Random,
  dimensions: Dimensions,
  hiddenSizes: readonly number[],
): HostTensors {
  const layouts = sacLayouts(dimensions, hiddenSizes);
  const actor = initialiseNetwork(random.stream("actor"), actorShape(dimensions, hiddenSizes), uniform);
  const critic = initialiseNetwork(random.stream("critic"), criticShape(dimensions, hiddenSizes), uniform);
  return { actor: flattenHost(actor, layouts.actor), critic: flattenHost(critic, layouts.critic) };
}

/** observation [batch, observation] -> heads [batch, 2 action]. */
export const actorForward = (observation: Tensor, actor: Params): Tensor => mlp(observation, layersOf(actor), relu);

/** Q of pairs: [batch, observation], [batch, action] -> [critics, batch, 1]. */
export const criticForward = (observation: Tensor, action: Tensor, critic: Params): Tensor =>
  mlp(tileMembers(tf.concat([observation, action], -1), CRITICS), layersOf(critic), relu);

/** A flat vector's tensors, by a layout. */
export const cut = (flat: Tensor, layout: Layout): Params => unflatten(flat, layout);
