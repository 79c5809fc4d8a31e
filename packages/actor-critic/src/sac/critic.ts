import type { CriticFunction } from "@lowerbound/core";
import { flatSpec } from "@lowerbound/nn";
import { criticForward, cut, sacLayouts } from "./networks.js";
import type { SacOptions } from "./options.js";
import { scaleSpecs, seen } from "./scale.js";

/** SAC's two critics as a pure function of its flat vector. */
export const sacCritic = (options: SacOptions): CriticFunction => ({
  state: (dimensions) => ({
    critic: flatSpec(sacLayouts(dimensions, options.hiddenSizes).critic),
    ...scaleSpecs(dimensions, options),
  }),
  value: (observation, action, params) => {
    const dimensions = { observation: observation.shape[1]!, action: action.shape[1]! };
    const { critic: layout } = sacLayouts(dimensions, options.hiddenSizes);
    return criticForward(seen(observation, params), action, cut(params.critic!, layout));
  },
});
