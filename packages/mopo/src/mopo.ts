import {
  type DynaHooks,
  type DynaParts,
  dynaShape,
  hostPolicy,
  imagineDyna,
  trainDyna,
} from "@lowerbound/actor-critic";
import {
  Algorithm,
  type CreateContext,
  DynamicsModel,
  defineComponent,
  Optimiser,
  Termination,
  UncertaintyPenalty,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";

const config = z.object({
  penaltyCoefficient: z
    .number()
    .nonnegative()
    .default(1)
    .describe("lambda: what a unit of the penalty costs; 0 is the naive method, which needs no penalty"),
  ...dynaShape,
});

/**
 * What MOPO adds to Dyna: the reward r - lambda u(s, a).
 *
 * Source: MOPO (Yu et al. 2020), algorithm 2. The published method floors nothing; neither does this one.
 */
export function penalisedReward(penaltyCoefficient: number): Required<Pick<DynaHooks, "reshapeTransition">> {
  return {
    reshapeTransition: ({ reward, termination, penalty }) => ({
      reward: penalty === undefined ? reward : tf.sub(reward, tf.mul(penaltyCoefficient, penalty)),
      termination,
    }),
  };
}

function partsOf(penaltyCoefficient: number, { inject }: CreateContext): DynaParts {
  return {
    dynamics: inject(DynamicsModel),
    penalty: penaltyCoefficient > 0 ? inject(UncertaintyPenalty) : undefined,
    termination: inject(Termination),
    optimiser: inject(Optimiser),
    hooks: { ...penalisedReward(penaltyCoefficient), targetPenaltyCoefficient: penaltyCoefficient },
  };
}

/** Algorithm `mopo`. */
export const mopo = defineComponent({
  kind: Algorithm,
  type: "mopo",
  summary: "model-based offline policy optimisation: rewards of the learnt model, less a penalty for its uncertainty",
  documentation:
    "Short rollouts in the learnt model from the dataset's states, on the reward r - penaltyCoefficient u(s, a); a penalty " +
    "that applies to the target lowers the Bellman target of the model's rows in its place. " +
    "Source: MOPO (Yu et al. 2020). Published rolloutLength / penaltyCoefficient: halfcheetah-medium 5/0.5, " +
    "hopper-medium 5/5, walker2d-medium 5/0.5; medium-replay 5/0.5, 5/2.5, 1/2.5; medium-expert 5/2.5, 5/5, 1/2.5.",
  config,
  requires: ({ penaltyCoefficient }) => [
    DynamicsModel,
    Termination,
    Optimiser,
    ...(penaltyCoefficient > 0 ? [UncertaintyPenalty] : []),
  ],
  create: ({ penaltyCoefficient, ...options }, context) => {
    const parts = partsOf(penaltyCoefficient, context);
    return {
      train: (training) => trainDyna(training, parts, options),
      policy: async (trained) => hostPolicy(parts.optimiser.policy, trained),
      imagine: (imagining) => imagineDyna(imagining, parts),
    };
  },
});
