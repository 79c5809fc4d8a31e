import type { Params, PolicyFunction, ValueFunction } from "@lowerbound/core";
import { flatSpec, tanhGaussianAction, tanhGaussianLogProbability, tanhGaussianMode } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import { scaleSpecs, seen } from "../sac/scale.js";
import { actorHeads, actorLayout, cut, layoutOfActor, valueForward, valueLayout } from "./networks.js";
import type { PpoOptions } from "./options.js";

export const squashOf = ({ maximumAction }: PpoOptions) =>
  ({ maximum: maximumAction, logDerivative: "stable" }) as const;

/** PPO's policy as a pure function: a Gaussian squashed by tanh into the action box; without noise its mode. */
export function ppoPolicy(options: PpoOptions): PolicyFunction {
  const squash = squashOf(options);
  const headsOf = (observation: Tensor, params: Params): Tensor => {
    const layout = layoutOfActor(observation.shape[1]!, params.actor!.size, options);
    return actorHeads(seen(observation, params), cut(params.actor!, layout));
  };
  return {
    state: (dimensions) => ({
      actor: flatSpec(actorLayout(dimensions, options)),
      ...scaleSpecs(dimensions, options),
    }),
    noise: ({ action }, batch) => ({ action: { distribution: "normal", shape: [batch, action] } }),
    act: (observation, params, noise) => {
      const heads = headsOf(observation, params);
      return noise === undefined ? tanhGaussianMode(heads, squash) : tanhGaussianAction(heads, noise.action!, squash);
    },
    logProbability: (observation, action, params) =>
      tanhGaussianLogProbability(headsOf(observation, params), action, squash),
  };
}

/** PPO's learnt value as a pure function. */
export const ppoValue = (options: PpoOptions): ValueFunction => ({
  state: (dimensions) => ({
    value: flatSpec(valueLayout(dimensions, options)),
    ...scaleSpecs(dimensions, options),
  }),
  value: (observation, params) => {
    const layout = valueLayout({ observation: observation.shape[1]! }, options);
    return valueForward(seen(observation, params), cut(params.value!, layout));
  },
});
