import type { Dimensions, Params, PolicyFunction, Specs } from "@lowerbound/core";
import {
  type TanhGaussianOptions,
  tanhGaussianAction,
  tanhGaussianLogProbability,
  tanhGaussianMode,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";

export interface SquashedPolicy {
  /** The optimiser's tensors that the heads read. */
  readonly state: (dimensions: Dimensions) => Specs;
  /** observation [batch, observation] -> mean and log standard deviation side by side [batch, 2 action]. */
  readonly heads: (observation: Tensor, params: Params) => Tensor;
  readonly squash: TanhGaussianOptions;
}

/** A Gaussian squashed by tanh into the action box as a pure function; without noise its mode. */
export const squashedPolicy = ({ state, heads, squash }: SquashedPolicy): PolicyFunction => ({
  state,
  maximumAction: squash.maximum,
  noise: ({ action }, batch) => ({ action: { distribution: "normal", shape: [batch, action] } }),
  act: (observation, params, noise) => {
    const output = heads(observation, params);
    return noise === undefined ? tanhGaussianMode(output, squash) : tanhGaussianAction(output, noise.action!, squash);
  },
  logProbability: (observation, action, params) =>
    tanhGaussianLogProbability(heads(observation, params), action, squash),
});
