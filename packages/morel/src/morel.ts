import { checkParts, type DynaParts, growthOf, hostPolicy, imagineDyna, trainDyna } from "@lowerbound/actor-critic";
import {
  Algorithm,
  type CreateContext,
  DynamicsModel,
  defineComponent,
  type FitContext,
  type Fittable,
  Optimiser,
  Termination,
  type TrainContext,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { checkDetector } from "./discrepancies.js";
import { fitMorel, learntOf } from "./fit.js";
import { haltReward, haltTransition } from "./halt.js";
import { type MorelOptions, morelOptions } from "./options.js";

type Parts = DynaParts & { readonly penalty: UncertaintyPenalty };

const partsOf = ({ inject }: CreateContext): Parts => ({
  dynamics: inject(DynamicsModel),
  penalty: inject(UncertaintyPenalty),
  termination: inject(Termination),
  optimiser: inject(Optimiser),
  hooks: {},
});

function train(context: TrainContext, parts: Parts, options: MorelOptions) {
  const { threshold, kappa, start } = learntOf(context.fitted(Algorithm.name));
  const pay = haltReward(kappa, parts.optimiser.discount, options.haltPayment);
  const hooks = haltTransition({ threshold, haltReward: pay });
  return trainDyna(context, { ...parts, hooks, start }, options);
}

/** Algorithm `morel`. */
export const morel = defineComponent({
  kind: Algorithm,
  type: "morel",
  summary:
    "model-based offline reinforcement learning on a pessimistic MDP: where the model is unknown, the episode halts",
  documentation:
    "Rollouts in the learnt model, from a cloned policy on; a pair whose penalty exceeds a threshold learnt from the data " +
    "leads to HALT, which costs kappa in every step. Source: MOReL (Kidambi et al. 2020), whose discrepancy is the " +
    "penalty `max-pairwise-difference`; any other penalty of observation, action and model serves, too. Optimisers: `ppo`, " +
    "of the paper's on-policy kind, or `sac`. Deviation from public code: HALT is terminal, its value is not bootstrapped.",
  config: morelOptions,
  requires: [DynamicsModel, UncertaintyPenalty, Termination, Optimiser],
  create: (options, context): Algorithm & Fittable => {
    const parts = partsOf(context);
    checkDetector(parts.penalty);
    checkParts(parts, options);
    // Thrown here, an optimiser that cannot say what HALT is worth is refused before anything is fitted.
    haltReward(0, parts.optimiser.discount, options.haltPayment);
    return {
      ...growthOf(parts.optimiser),
      // The pairs that a penalty was fitted to are nearer to it than any others: all of those would be unknown.
      ...(parts.penalty.fit === undefined ? {} : { holdsOut: options.thresholdHeldOut }),
      fit: (fitting: FitContext) => fitMorel(fitting, parts, options),
      train: (training) => train(training, parts, options),
      policy: async (trained) => hostPolicy(parts.optimiser.policy, trained),
      // The model's own promise: without HALT.
      imagine: (imagining) => imagineDyna(imagining, parts),
    };
  },
});
