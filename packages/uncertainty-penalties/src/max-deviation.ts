import { defineComponent, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { membersOption, rewardOption, type Selection, selectMeans } from "./options.js";

/**
 * max_i ||mu_i(s, a) - mean_j mu_j(s, a)||_2 over members i -> [batch], in the observation's unit.
 *
 * Source: OfflineRL-Kit, where this is called "pairwise-diff" although no pairs are compared; reward left out there.
 */
export function maxDeviation(inputs: PenaltyInputs, selection: Selection): Tensor {
  const means = selectMeans(inputs, selection);
  const deviations = tf.sub(means, tf.mean(means, 0, true));
  return tf.sqrt(tf.max(tf.sum(tf.square(deviations), -1), 0));
}

/** Penalty `max-deviation`. */
export const maxDeviationPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "max-deviation",
  summary: "largest distance of a member's mean from the ensemble's average",
  documentation: 'u(s, a) = max_i ||mu_i - mean mu||_2. Public code calls it "pairwise-diff".',
  config: z.object({ members: membersOption, reward: rewardOption("exclude") }),
  create: (selection) => ({
    unit: "state",
    seesReward: selection.reward === "include",
    penalise: (inputs) => maxDeviation(inputs, selection),
  }),
});
