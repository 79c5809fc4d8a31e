import { z } from "zod";

const pairs = <T extends z.ZodType>(entry: T) => z.array(entry).default([]);

const stepBin = z.object({
  from: z.number(),
  to: z.number(),
  rows: z.number(),
  meanPenalty: z.number(),
  meanError: z.number(),
  lowerQuartile: z.number(),
  upperQuartile: z.number(),
});

const penaltySchema = z.object({
  type: z.string(),
  unit: z.string().nullish(),
  seesReward: z.boolean().default(false),
  on: z.string().default("held-out"),
  rows: z.number().optional(),
  meanPenalty: z.number().optional(),
  meanError: z.number().optional(),
  coverage: z.number().optional(),
  coverageAtEqualMean: z.number().optional(),
  rankCorrelation: z.number().nullish(),
  reliability: pairs(z.object({ meanPenalty: z.number(), meanError: z.number(), rows: z.number().default(0) })),
  along: pairs(stepBin),
  conformal: z.object({ level: z.number(), scale: z.number().nullish(), covered: z.number().nullish() }).nullish(),
});
export type PenaltyCalibration = z.output<typeof penaltySchema>;

/** What a report takes from `calibration.json`; everything else in it is passed over. */
export const calibrationSchema = z.object({
  model: z
    .object({
      rows: z.number().optional(),
      heldOut: z.string().optional(),
      oneStep: z
        .object({
          normalised: z.number(),
          perDimension: pairs(z.object({ name: z.string(), rmse: z.number(), spread: z.number() })),
        })
        .optional(),
      kStep: pairs(z.object({ step: z.number(), rows: z.number().default(0), normalised: z.number() })),
      coverage: pairs(z.object({ level: z.number(), covered: z.number() })),
      saturation: z.object({ atMinimum: z.number(), atMaximum: z.number() }).nullish(),
      multimodality: pairs(
        z.object({ name: z.string(), gain: z.number(), separation: z.number(), multimodal: z.boolean() }),
      ),
    })
    .optional(),
  penalties: pairs(penaltySchema),
  refused: pairs(z.object({ type: z.string(), on: z.string().default(""), reason: z.string() })),
});
export type Calibration = z.output<typeof calibrationSchema>;
