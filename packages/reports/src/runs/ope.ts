import { z } from "zod";

/** Null where it is not finite. */
const figure = z.number().nullable();

/** What a report takes from `ope.json`; everything else in it is passed over. */
export const opeSchema = z.object({
  options: z.object({ discount: z.number(), confidence: z.number() }),
  policies: z
    .array(
      z.object({
        run: z.string(),
        policy: z.string(),
        truth: z.number().optional(),
        outcomes: z
          .array(
            z.object({
              method: z.string(),
              estimate: z
                .object({
                  value: figure,
                  interval: z.object({ low: figure, high: figure }),
                  effectiveSampleSize: figure.optional(),
                  warning: z.string().optional(),
                })
                .optional(),
              refused: z.string().optional(),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
  rankings: z
    .array(
      z.object({
        method: z.string(),
        selection: z.object({
          order: z.array(z.string()).readonly(),
          quality: z.object({ candidates: z.number(), rankCorrelation: figure, regretAtOne: figure }).optional(),
        }),
      }),
    )
    .readonly(),
});
export type Ope = z.output<typeof opeSchema>;
