import { conservativeShape, dynaShape } from "@lowerbound/actor-critic";
import { z } from "zod";

const count = z.number().int().positive();

export const comboOptions = z.object({
  beta: z
    .union([z.literal("auto"), z.number().nonnegative()])
    .default(1)
    .describe("weight of the conservative term; `auto` chooses among betaCandidates without the environment"),
  form: z
    .enum(["public", "paper"])
    .default("public")
    .describe(
      "`public`: log-sum-exp over sampled actions, whole squared error; `paper`: mean of Q at the policy's actions, half " +
        "the squared error",
    ),
  rho: z
    .enum(["mix", "model"])
    .default("mix")
    .describe("states at which values are pushed down: of the whole batch, or of its model rows"),
  betaCandidates: z
    .array(z.number().nonnegative())
    .min(1)
    .default([0.5, 1, 5])
    .describe("what `beta: auto` chooses from"),
  betaUpdates: count.default(20_000).describe("updates of each candidate's training"),
  betaHeldOut: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe("share of episodes that candidates are not trained on, but judged by"),
  penaltyCoefficient: z
    .number()
    .nonnegative()
    .default(0)
    .describe("lambda: what a unit of an uncertainty penalty costs besides; 0, as published, needs no penalty"),
  ...conservativeShape,
  ...dynaShape,
  realRatio: dynaShape.realRatio.default(0.5).describe("f: share of a batch that comes from the dataset"),
});

export type ComboOptions = z.output<typeof comboOptions>;
