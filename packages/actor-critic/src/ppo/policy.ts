import type { PolicyFunction, ValueFunction } from "@lowerbound/core";
import { flatSpec } from "@lowerbound/nn";
import { scaleSpecs, seen } from "../sac/scale.js";
import { squashedPolicy } from "../training/squashed-policy.js";
import { actorHeads, actorLayout, cut, layoutOfActor, valueForward, valueLayout } from "./networks.js";
import type { PpoOptions } from "./options.js";

export const squashOf = ({ maximumAction }: PpoOptions) =>
  ({ maximum: maximumAction, logDerivative: "stable" }) as const;

/** PPO's policy as a pure function: a Gaussian squashed by tanh into the action box; without noise its mode. */
export const ppoPolicy = (options: PpoOptions): PolicyFunction =>
  squashedPolicy({
    state: (dimensions) => ({
      actor: flatSpec(actorLayout(dimensions, options)),
      ...scaleSpecs(dimensions, options),
    }),
    heads: (observation, params) => {
      const layout = layoutOfActor(observation.shape[1]!, params.actor!.size, options);
      return actorHeads(seen(observation, params), cut(params.actor!, layout));
    },
    squash: squashOf(options),
  });

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
