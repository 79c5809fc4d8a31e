import { type OffPolicyOptions, offPolicyMethods, offPolicyOptions } from "@lowerbound/evaluation";
import { z } from "zod";
import type { PolicyEstimates } from "./evaluate-runs.js";
import type { MethodRanking } from "./text.js";

const method = z.enum(offPolicyMethods);

/** Null where it is not finite. */
const figure = z.number().nullable();

const estimate = z.object({
  value: z.number(),
  /** Null, too, with one episode: there is none then. */
  interval: z.object({ low: figure, high: figure }),
  episodes: z.int().positive(),
  effectiveSampleSize: figure.optional(),
  warning: z.string().optional(),
});

/** `ope.json`: returns of policies as their data let them be estimated, and how the estimates rank them. */
export const opeSchema = z.object({
  version: z.literal(1),
  seed: z.int().nonnegative(),
  options: offPolicyOptions,
  policies: z.array(
    z.object({
      run: z.string(),
      policy: z.string(),
      /** Undiscounted, as the run recorded it in its environment. */
      truth: z.number().optional(),
      outcomes: z.array(z.union([z.object({ method, estimate }), z.object({ method, refused: z.string() })])),
    }),
  ),
  rankings: z.array(
    z.object({
      method,
      selection: z.object({
        /** Each a run and its policy, the best estimate first. */
        order: z.array(z.string()),
        quality: z
          .object({
            candidates: z.int().positive(),
            /** The first of the order whose true return is known: whose regret it is. */
            chosen: z.string(),
            rankCorrelation: figure,
            regretAtOne: figure,
          })
          .optional(),
      }),
    }),
  ),
});
export type OpeReport = z.output<typeof opeSchema>;

export interface OpeResults {
  readonly seed: number;
  readonly options: OffPolicyOptions;
  readonly policies: readonly PolicyEstimates[];
  readonly rankings: readonly MethodRanking[];
}

/** What `ope.json` holds of a comparison; through JSON, which has null for what is not finite. */
export const opeReport = (results: OpeResults): OpeReport =>
  opeSchema.parse(JSON.parse(JSON.stringify({ version: 1, ...results })));
