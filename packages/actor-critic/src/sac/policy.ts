import type { PolicyFunction } from "@lowerbound/core";
import { flatSpec } from "@lowerbound/nn";
import { squashedPolicy } from "../training/squashed-policy.js";
import { actorForward, actorLayout, cut, sacLayouts } from "./networks.js";
import type { SacOptions } from "./options.js";
import { scaleSpecs, seen } from "./scale.js";

/** SAC's policy as a pure function: a Gaussian squashed by tanh; without noise its mode. */
export const sacPolicy = (options: SacOptions): PolicyFunction =>
  squashedPolicy({
    state: (dimensions) => ({
      actor: flatSpec(sacLayouts(dimensions, options.hiddenSizes).actor),
      ...scaleSpecs(dimensions, options),
    }),
    heads: (observation, params) => {
      const layout = actorLayout(observation.shape[1]!, params.actor!.size, options.hiddenSizes);
      return actorForward(seen(observation, params), cut(params.actor!, layout));
    },
    squash: { maximum: options.maximumAction, logDerivative: options.logDerivative },
  });
