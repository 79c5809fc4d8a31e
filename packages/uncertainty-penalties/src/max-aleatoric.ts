import { defineComponent, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { membersOption, rewardOption, type Selection, selectLogVar } from "./options.js";

/**
 * max_i ||sigma_i(s, a)||_2 over members i -> [batch], in the observation's unit.
 *
 * Source: MOPO (Yu et al. 2020), section 5; public code looks at all members, reward dimension included.
 */
export function maxAleatoric(inputs: PenaltyInputs, selection: Selection): Tensor {
  const squaredNorms = tf.sum(tf.exp(selectLogVar(inputs, selection)), -1);
  return tf.sqrt(tf.max(squaredNorms, 0));
}

/** Penalty `max-aleatoric`. */
export const maxAleatoricPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "max-aleatoric",
  summary: "MOPO's: largest norm over members of the predicted standard deviation",
  documentation: "u(s, a) = max_i ||sigma_i(s, a)||_2. Source: MOPO (Yu et al. 2020), section 5.",
  config: z.object({ members: membersOption, reward: rewardOption("include") }),
  create: (selection) => ({
    unit: "state",
    seesReward: selection.reward === "include",
    penalise: (inputs) => maxAleatoric(inputs, selection),
  }),
});
