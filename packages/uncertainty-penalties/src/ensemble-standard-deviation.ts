import { defineComponent, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { membersOption, rewardOption, type Selection, selectMeans } from "./options.js";

/**
 * sqrt of the mean over dimensions of Var_i mu_i(s, a), the population variance over members -> [batch], in the
 * observation's unit.
 *
 * Source: Lu et al. 2022, "Revisiting design choices in offline model-based RL", ensemble standard deviation; reward
 * left out as in OfflineRL-Kit.
 */
export function ensembleStandardDeviation(inputs: PenaltyInputs, selection: Selection): Tensor {
  const means = selectMeans(inputs, selection);
  const deviations = tf.sub(means, tf.mean(means, 0, true));
  const variance = tf.mean(tf.square(deviations), 0);
  return tf.sqrt(tf.mean(variance, -1));
}

/** Penalty `ensemble-standard-deviation`. */
export const ensembleStandardDeviationPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "ensemble-standard-deviation",
  summary: "root of the mean over dimensions of the variance of the members' means",
  documentation: "u(s, a) = sqrt(mean_d Var_i mu_i). Source: Lu et al. 2022, ensemble standard deviation.",
  config: z.object({ members: membersOption, reward: rewardOption("exclude") }),
  create: (selection) => ({
    unit: "state",
    seesReward: selection.reward === "include",
    penalise: (inputs) => ensembleStandardDeviation(inputs, selection),
  }),
});
