import type { CriticFunction } from "@lowerbound/core";
import { flatSpec } from "@lowerbound/nn";
import { criticForward, cut, sacLayouts } from "./networks.js";
import type { SacOptions } from "./options.js";

/** SAC's two critics as a pure function of its flat vector. */
export const sacCritic = ({ hiddenSizes }: SacOptions): CriticFunction => ({
  state: (dimensions) => ({ critic: flatSpec(sacLayouts(dimensions, hiddenSizes).critic) }),
  value: (observation, action, params) => {
    const dimensions = { observation: observation.shape[1]!, action: action.shape[1]! };
    return criticForward(observation, action, cut(params.critic!, sacLayouts(dimensions, hiddenSizes).critic));
  },
});
