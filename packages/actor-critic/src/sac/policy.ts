import type { Params, PolicyFunction } from "@lowerbound/core";
import { flatSpec, tanhGaussianAction, tanhGaussianLogProbability, tanhGaussianMode } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import { actorForward, actorLayout, cut, sacLayouts } from "./networks.js";
import type { SacOptions } from "./options.js";
import { scaleSpecs, seen } from "./scale.js";

/** SAC's policy as a pure function: a Gaussian squashed by tanh; without noise its mode. */
export function sacPolicy(options: SacOptions): PolicyFunction {
  const squash = { maximum: options.maximumAction, logDerivative: options.logDerivative };
  const headsOf = (observation: Tensor, params: Params): Tensor => {
    const layout = actorLayout(observation.shape[1]!, params.actor!.size, options.hiddenSizes);
    return actorForward(seen(observation, params), cut(params.actor!, layout));
  };
  return {
    state: (dimensions) => ({
      actor: flatSpec(sacLayouts(dimensions, options.hiddenSizes).actor),
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
