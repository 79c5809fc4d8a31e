import { dynaShape } from "@lowerbound/actor-critic";
import { z } from "zod";

const count = z.number().int().positive();
const share = z.number().gt(0).lt(1);

/** Options of MOPO. */
export const mopoOptions = z.object({
  penaltyCoefficient: z
    .union([z.literal("auto"), z.number().nonnegative()])
    .default(1)
    .describe(
      "lambda: what a unit of the penalty costs; 0 is the naive method, which needs no penalty; `auto` chooses among " +
        "penaltyCandidates without the environment",
    ),
  selection: z
    .enum(["theorem", "fqe"])
    .default("theorem")
    .describe(
      "how `auto` compares candidates: return in the model less one fixed coefficient times the discounted penalty, or " +
        "fitted Q evaluation, which also stands in where no coefficient can be found",
    ),
  penaltyCandidates: z
    .array(z.number().nonnegative())
    .min(1)
    .default([0.1, 0.5, 1, 2.5, 5, 10])
    .describe("what `auto` chooses from"),
  candidateUpdates: count.default(10_000).describe("updates of each candidate's training"),
  calibrationHeldOut: share
    .default(0.1)
    .describe("share of episodes that no model is fitted on, for the theorem's coefficient"),
  calibrationLevel: share
    .default(0.9)
    .describe(
      "confidence that the coefficient times the sum of u covers, on average, that of errors along stretches like the held-out ones",
    ),
  valueUpdates: count
    .default(10_000)
    .describe("updates of the behaviour's clone, and of each fitted Q evaluation, that `auto` makes"),
  ...dynaShape,
});

export type MopoOptions = z.output<typeof mopoOptions>;
