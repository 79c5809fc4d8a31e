import { defineComponent, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { membersOption, rewardOption, rotate, type Selection, selectMeans } from "./options.js";

/**
 * max_{i, j} ||mu_i(s, a) - mu_j(s, a)||_2 over pairs of members -> [batch], in the observation's unit.
 *
 * Source: MOReL (Kidambi et al. 2020), section 4, the ensemble's discrepancy.
 */
export function maxPairwiseDifference(inputs: PenaltyInputs, selection: Selection): Tensor {
  const means = selectMeans(inputs, selection);
  const members = means.shape[0]!;
  const distances: Tensor[] = [];
  // Rotations by 1 to members / 2 meet every pair, without an array of all members by all members.
  for (let shift = 1; shift <= Math.floor(members / 2); shift++) {
    distances.push(tf.sum(tf.square(tf.sub(means, rotate(means, shift))), -1));
  }
  if (distances.length === 0) return tf.zeros([means.shape[1]!]);
  return tf.sqrt(tf.max(tf.concat(distances, 0), 0));
}

/** Penalty `max-pairwise-difference`. */
export const maxPairwiseDifferencePenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "max-pairwise-difference",
  summary: "MOReL's discrepancy: largest distance between the means of two members",
  documentation: "u(s, a) = max_{i,j} ||mu_i - mu_j||_2. Source: MOReL (Kidambi et al. 2020), section 4.",
  config: z.object({ members: membersOption, reward: rewardOption("exclude") }),
  create: (selection) => ({
    unit: "state",
    seesReward: selection.reward === "include",
    penalise: (inputs) => maxPairwiseDifference(inputs, selection),
  }),
});
