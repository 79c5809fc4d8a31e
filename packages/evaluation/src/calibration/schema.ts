import { z } from "zod";

const share = z.number().gte(0).lte(1);

const reliabilityBin = z.object({
  rows: z.int().positive(),
  meanPenalty: z.number(),
  meanError: z.number(),
  coverage: share,
});

const stepBin = z.object({
  from: z.int().positive(),
  to: z.int().positive(),
  rows: z.int().positive(),
  meanPenalty: z.number(),
  meanError: z.number(),
  lowerQuartile: z.number(),
  upperQuartile: z.number(),
});

/** How one penalty compares with the true error on one set of rows. */
export const penaltyCalibrationSchema = z.object({
  type: z.string().describe("type of the penalty component"),
  unit: z.string().nullable().describe("unit of u, where the penalty states one"),
  seesReward: z.boolean().describe("whether u looks at the reward; the error then includes it"),
  on: z.enum(["held-out", "visits"]).describe("held-out data, or states that the policy visits in the simulator"),
  rows: z.int().positive(),
  meanPenalty: z.number(),
  meanError: z.number(),
  coverage: share.describe("share of rows with u >= error"),
  coverageAtEqualMean: share.describe("the same with u scaled to the mean error"),
  rankCorrelation: z.number().nullable().describe("Spearman's, of u with the error"),
  reliability: z.array(reliabilityBin).describe("bins of equally many rows, least penalties first"),
  conformal: z
    .object({ level: share, scale: z.number().nullable(), covered: share.nullable() })
    .describe("scale u >= error with probability level in a new episode; null from too few of them"),
  along: z
    .array(stepBin)
    .default([])
    .describe("by step: of the policy's episodes on visits, else of open-loop predictions, whose errors add up"),
});

/** Errors and predicted distributions of a dynamics model on one set of rows. */
export const modelErrorSchema = z.object({
  rows: z.int().positive(),
  heldOut: z.enum(["rows", "dataset"]).describe("rows that no member was trained on, or a dataset of its own"),
  oneStep: z.object({
    normalised: z.number().describe("root mean squared error over the spread of the changes"),
    perDimension: z.array(z.object({ name: z.string(), rmse: z.number(), spread: z.number() })),
  }),
  kStep: z
    .array(z.object({ step: z.int().positive(), rows: z.int().positive(), normalised: z.number() }))
    .describe("open loop under logged actions, as long as it is finite; errors over the spread of the states"),
  coverage: z.array(z.object({ level: share, covered: share })).describe("central predictive intervals"),
  saturation: z.object({ atMinimum: share, atMaximum: share }).nullable().describe("log-variances at their bounds"),
  multimodality: z
    .array(
      z.object({
        name: z.string(),
        gain: z.number(),
        separation: z.number(),
        share,
        multimodal: z.boolean(),
      }),
    )
    .describe("whether two Gaussians describe a dimension's residuals better than one; empty from fewer than 8 rows"),
});

/** `calibration.json` in a run's directory. */
export const calibrationSchema = z.object({
  version: z.literal(1),
  model: modelErrorSchema,
  penalties: z.array(penaltyCalibrationSchema),
  refused: z.array(z.object({ type: z.string(), on: z.string(), reason: z.string() })),
});

export type CalibrationReport = z.output<typeof calibrationSchema>;
export type ModelErrorReport = z.output<typeof modelErrorSchema>;
export type PenaltyCalibrationReport = z.output<typeof penaltyCalibrationSchema>;
