import { z } from "zod";

const count = z.int().positive();

/** How far a planner looks ahead. */
export const horizonOption = (steps: number) => count.default(steps).describe("steps that a plan looks ahead");

/** Where trajectory optimisers take probabilities into account: in the scores of the model's sequences. */
export const scorePessimism = z
  .enum(["model", "penalty", "log-probability", "none"])
  .default("model")
  .describe(
    "how scores take the data's probabilities into account: as the model does unless told otherwise, by its uncertainty " +
      "penalty, by log P_beta of the actions, or not at all",
  );

/** Where searches take probabilities into account: in the actions that they continue with, and in their scores. */
export const searchPessimism = z
  .enum(["model", "samples", "log-probability", "penalty", "none"])
  .default("model")
  .describe(
    "how the search takes the data's probabilities into account: as the model does unless told otherwise, by actions " +
      "sampled from P_beta, by log P_beta in the score besides, by the model's uncertainty penalty, or not at all: " +
      "actions drawn evenly from their box",
  );

export const iterationsOption = (iterations: number) =>
  count.default(iterations).describe("rounds of sampling and refitting");
export const populationOption = (population: number) =>
  count.default(population).describe("action sequences that a round scores");
export const eliteRatioOption = (ratio: number) =>
  z
    .number()
    .gt(0)
    .max(1)
    .default(ratio)
    .describe("share of a round's sequences that the next distribution is fitted to");
export const momentumOption = (momentum: number) =>
  z
    .number()
    .min(0)
    .lt(1)
    .default(momentum)
    .describe("share of the old mean and dispersion that stays at each refitting");
export const solutionOption = (solution: "mean" | "best") =>
  z
    .enum(["mean", "best"])
    .default(solution)
    .describe("what the plan is: the last mean, or the best sequence seen in any round");

/** What searches make of log-probabilities. */
export const logProbabilityShape = {
  logProbabilityCoefficient: z
    .number()
    .nonnegative()
    .default(1)
    .describe("with log-probability: what a nat of log P_beta adds to the score"),
  logProbabilityFloor: z
    .number()
    .optional()
    .describe("with log-probability: least log P_beta of a step's action, in nats; actions below it lose"),
};
