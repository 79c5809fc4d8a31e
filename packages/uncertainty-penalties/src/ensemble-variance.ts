import { defineComponent, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { membersOption, rewardOption, type Selection, selectLogVar, selectMeans } from "./options.js";

export interface VarianceOptions extends Selection {
  readonly root: boolean;
}

/**
 * Norm over dimensions of the mixture's variance, mean_i sigma_i^2 + Var_i mu_i -> [batch], in the square of the
 * observation's unit; with `root` the norm of the standard deviations, in the unit itself.
 *
 * Source: the law of total variance, as in Lakshminarayanan et al. 2017, and Lu et al. 2022, "ensemble variance".
 */
export function ensembleVariance(inputs: PenaltyInputs, options: VarianceOptions): Tensor {
  const means = selectMeans(inputs, options);
  const between = tf.mean(tf.square(tf.sub(means, tf.mean(means, 0, true))), 0);
  const within = tf.mean(tf.exp(selectLogVar(inputs, options)), 0);
  const variance = tf.add(within, between);
  return tf.sqrt(tf.sum(options.root ? variance : tf.square(variance), -1));
}

/** Penalty `ensemble-variance`. */
export const ensembleVariancePenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "ensemble-variance",
  summary: "norm of the ensemble's total variance: what members predict as noise, and how their means differ",
  documentation: "u(s, a) = ||mean_i sigma_i^2 + Var_i mu_i||_2. Source: Lu et al. 2022, ensemble variance.",
  config: z.object({
    members: membersOption,
    reward: rewardOption("include"),
    root: z.boolean().default(false).describe("the norm of the standard deviations in place of the variances'"),
  }),
  create: (options) => ({
    unit: options.root ? "state" : "state squared",
    seesReward: options.reward === "include",
    penalise: (inputs) => ensembleVariance(inputs, options),
  }),
});
