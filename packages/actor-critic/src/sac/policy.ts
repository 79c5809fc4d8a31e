import type { PolicyFunction } from "@lowerbound/core";
import { flatSpec, tanhGaussianAction, tanhGaussianMode } from "@lowerbound/nn";
import { actorForward, actorLayout, cut, sacLayouts } from "./networks.js";
import type { SacOptions } from "./options.js";

/** SAC's policy as a pure function: a Gaussian squashed by tanh; without noise its mode. */
export function sacPolicy(options: SacOptions): PolicyFunction {
  const squash = { maximum: options.maximumAction, logDerivative: options.logDerivative };
  return {
    state: (dimensions) => ({ actor: flatSpec(sacLayouts(dimensions, options.hiddenSizes).actor) }),
    noise: ({ action }, batch) => ({ action: { distribution: "normal", shape: [batch, action] } }),
    act: (observation, params, noise) => {
      const layout = actorLayout(observation.shape[1]!, params.actor!.size, options.hiddenSizes);
      const heads = actorForward(observation, cut(params.actor!, layout));
      return noise === undefined ? tanhGaussianMode(heads, squash) : tanhGaussianAction(heads, noise.action!, squash);
    },
  };
}
