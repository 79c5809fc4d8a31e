import { z } from "zod";
import type { ActionBox } from "../contracts/planning-seams.js";

/** What scores of action sequences are made of; searches count by options of their own. */
export const scoringShape = {
  discount: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("of rewards in the score of an action sequence; searches have their own, in `planner`"),
  logProbabilityCoefficient: z
    .number()
    .nonnegative()
    .default(1)
    .describe(
      "with log-probability: what a nat of log P_beta of an action adds to a sequence's score; searches have their own",
    ),
  logProbabilityFloor: z
    .number()
    .optional()
    .describe(
      "with log-probability: least log P_beta of an action, in nats; sequences with one below it lose; searches have their own",
    ),
};

export const boxOption = z
  .number()
  .positive()
  .default(1)
  .describe("half-width of the action box; actions lie within plus and minus this");

/** The box [-maximum, maximum]^size. */
export const actionBox = (actionSize: number, maximum: number): ActionBox => ({
  actionSize,
  low: new Float32Array(actionSize).fill(-maximum),
  high: new Float32Array(actionSize).fill(maximum),
});
