import { z } from "zod";

/** One line of `metrics.jsonl`: a phase, its step and figures; figures that were not finite are null. */
export const rowSchema = z.looseObject({ phase: z.string(), step: z.number() });
export type Row = z.output<typeof rowSchema>;

const returnsSchema = z.object({
  returns: z.array(z.number()).readonly().default([]),
  mean: z.number(),
  std: z.number().optional(),
  normalisedScore: z.number().optional(),
  environmentId: z.string().optional(),
});

/** Returns in the model: null where it diverged. */
const imaginedSchema = z.object({
  returns: z.array(z.number().nullable()).readonly().default([]),
  mean: z.number().nullable(),
});

/** What a report takes from `result.json`; everything else in it is passed over. */
export const resultSchema = z.object({
  dataset: z
    .object({
      name: z.string(),
      path: z.string().optional(),
      /** SHA-256 of the log's content. */
      fingerprint: z.string().optional(),
      episodes: z.number().optional(),
      steps: z.number().optional(),
      returns: z.object({ mean: z.number(), std: z.number().optional() }).optional(),
    })
    .optional(),
  trained: z.record(z.string(), z.unknown()).default({}),
  evaluation: returnsSchema.nullish(),
  imagined: imaginedSchema.nullish(),
  seconds: z.record(z.string(), z.number()).default({}),
});
export type RunResult = z.output<typeof resultSchema>;

export const configSchema = z.record(z.string(), z.unknown());
