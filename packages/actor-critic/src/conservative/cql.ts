import { Algorithm, CapabilityError, defineComponent, Optimiser, type UpdateHooks } from "@lowerbound/core";
import { z } from "zod";
import { fitNormaliser } from "../replay/normalise.js";
import { growthOf } from "../training/growth.js";
import { hostPolicy } from "../training/host-policy.js";
import { type OfflineLearner, offlineShape, trainOffline } from "../training/offline.js";
import { conservativeShape } from "./options.js";
import { conservativeHooks } from "./regulariser.js";

const config = z.object({
  weight: z.number().nonnegative().default(5).describe("what the conservative term weighs beside the Bellman error"),
  ...conservativeShape,
  ...offlineShape,
});

/** An optimiser, changed by hooks, as a learner from stored transitions. @throws CapabilityError if it wants rollouts. */
export function learnerOf(optimiser: Optimiser, hooks: UpdateHooks): OfflineLearner {
  if (optimiser.data !== "replay") {
    throw new CapabilityError("the optimiser learns from fresh rollouts", {
      where: "optimiser",
      expected: "one that learns from stored transitions, such as `sac`",
    });
  }
  return {
    policy: optimiser.policy,
    initialise: (random, { observation, action, observations }) =>
      optimiser.initialise({ observation, action }, random, hooks, fitNormaliser(observations, observation)),
    programs: (dimensions, batch) => [optimiser.update(dimensions, batch, hooks)],
  };
}

/** Algorithm `cql`: conservative Q-learning on the dataset alone. */
export const cql = defineComponent({
  kind: Algorithm,
  type: "cql",
  summary: "conservative Q-learning: push down the values of actions that the data do not have; no model",
  documentation:
    "Adds weight (log-sum-exp of Q over sampled actions - Q of the data's actions) to the critics' loss, with or " +
    "without a learnt multiplier; actor, temperature, multiplier and critics are updated in this order. Source: CQL " +
    "(Kumar et al. 2020), the CQL(H) form. Published for MuJoCo data: weight 5, 10 samples, no multiplier, `backup: " +
    "plain`; with a multiplier, lagrangeThreshold 5 or 10 and weight 1 or 5. Deviation: public code's log-sum-exp " +
    "over three values (`layout: three`) is not the default.",
  config,
  requires: [Optimiser],
  create: ({ weight, ...options }, { inject }) => {
    const optimiser = inject(Optimiser);
    const { maximumAction } = optimiser.policy;
    const settings = { ...options, weight, maximumAction, pushDown: "softmax", compareWith: "policy" } as const;
    const hooks = { ...conservativeHooks(settings), updates: options.updates };
    return {
      ...growthOf(optimiser),
      train: (context) => trainOffline(context, learnerOf(optimiser, hooks), options),
      policy: async (trained) => hostPolicy(optimiser.policy, trained),
    };
  },
});
