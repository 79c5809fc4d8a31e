import { z } from "zod";
import { fqeOptions } from "../../off-policy/fqe-options.js";

/** Options of a continuous certificate. */
export const certifyOptions = z.object({
  discount: z.number().gte(0).lt(1).default(0.99).describe("discount of the certified return"),
  horizon: z.int().positive().default(1000).describe("steps of an imagined episode; later ones pay the least"),
  starts: z.int().positive().default(256).describe("logged first observations that episodes are imagined from"),
  rows: z.int().positive().default(2000).describe("held-out rows, at most"),
  samples: z.int().positive().default(8).describe("samples of the model a held-out row"),
  level: z.number().gt(0).lt(1).default(0.9).describe("share of held-out rows that the scaled penalty is to cover"),
  coefficient: z
    .number()
    .nonnegative()
    .optional()
    .describe("reward per unit of u that is claimed; left out, the smallest that covers"),
  repetitions: z.int().positive().default(200).describe("resamples behind an interval"),
  confidence: z.number().gt(0).lt(1).default(0.95).describe("share of the resamples inside an interval"),
  fqe: fqeOptions.prefault({}).describe("fitted Q evaluation, where it estimates values"),
});

export type CertifyOptions = z.output<typeof certifyOptions>;
