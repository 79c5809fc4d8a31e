import { dynaShape } from "@lowerbound/actor-critic";
import { z } from "zod";

const count = z.number().int();
const positive = z.number().positive();

/** Options of MOReL. */
export const morelOptions = z.object({
  threshold: z
    .enum(["maximum", "quantile", "spread"])
    .default("spread")
    .describe(
      "beyond which discrepancy a pair is unknown: mean and so many spreads of the data's, their maximum, or a quantile",
    ),
  thresholdCoefficient: positive
    .default(1)
    .describe("maximum: what the data's largest discrepancy is divided by; at 1 nothing that was logged is unknown"),
  thresholdQuantile: z.number().min(0).max(1).default(0.99).describe("quantile: share of the data that is known"),
  thresholdSpreads: z
    .number()
    .default(3)
    .describe("spread: beta, standard deviations above the data's mean discrepancy"),
  thresholdHeldOut: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe(
      "share of episodes that the threshold is learnt on, and nothing else, where the penalty has a fit of its own",
    ),
  haltPenalty: z
    .union([z.literal("auto"), z.number().nonnegative()])
    .default("auto")
    .describe("kappa: what HALT costs a step; auto is the largest size of a logged reward"),
  haltPayment: z
    .enum(["for-ever", "once"])
    .default("for-ever")
    .describe("HALT costs kappa in every step after the one that led there, or, as public code has it, once"),
  cloningUpdates: count
    .nonnegative()
    .default(20_000)
    .describe("updates of the cloned policy that training starts from"),
  cloningLearningRate: positive.default(1e-3).describe("Adam's step size for the cloned policy"),
  ...dynaShape,
});

export type MorelOptions = z.output<typeof morelOptions>;
