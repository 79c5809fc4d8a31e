import { defineComponent, type PenaltyInputs, UncertaintyPenalty } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { membersOption, rewardOption, type Selection, selectLogVar, selectMeans } from "./options.js";

/**
 * Population variance over members of log N(s'; mu_i, sigma_i^2) at the sampled next observation -> [batch], in nats
 * squared.
 *
 * Source: Lu et al. 2022, "Revisiting design choices in offline model-based RL", log-likelihood variance.
 */
export function logLikelihoodVariance(inputs: PenaltyInputs, selection: Selection): Tensor {
  const { sampleObservation, sampleReward } = inputs;
  const sample = selection.reward === "include" ? tf.concat([sampleObservation, sampleReward], -1) : sampleObservation;
  const logVar = selectLogVar(inputs, selection);
  const squared = tf.mul(
    tf.squaredDifference(tf.expandDims(sample, 0), selectMeans(inputs, selection)),
    tf.exp(tf.neg(logVar)),
  );
  // The constant of the log-density is the same for all members.
  const logLikelihood = tf.mul(-0.5, tf.sum(tf.add(squared, logVar), -1));
  return tf.mean(tf.square(tf.sub(logLikelihood, tf.mean(logLikelihood, 0, true))), 0);
}

/** Penalty `log-likelihood-variance`. */
export const logLikelihoodVariancePenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "log-likelihood-variance",
  summary: "variance over members of the log-likelihood that each gives to the sampled next observation",
  documentation: "u(s, a) = Var_i log N(s'; mu_i, sigma_i^2) at the sample s'. Source: Lu et al. 2022.",
  config: z.object({ members: membersOption, reward: rewardOption("include") }),
  create: (selection) => ({
    unit: "nats squared",
    seesReward: selection.reward === "include",
    penalise: (inputs) => logLikelihoodVariance(inputs, selection),
  }),
});
