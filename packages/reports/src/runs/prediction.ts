import { z } from "zod";

const figure = z.number().nullable();

/** What a report takes from `prediction.json`; everything else in it is passed over. */
export const predictionSchema = z.object({
  dataset: z.string(),
  environment: z.string().nullable(),
  episodes: z.array(z.number()).readonly(),
  models: z
    .array(
      z.object({
        name: z.string(),
        way: z.string(),
        run: z.string().nullable(),
        errors: z.array(z.object({ low: figure, median: figure, high: figure })).readonly(),
      }),
    )
    .readonly(),
});
export type Prediction = z.output<typeof predictionSchema>;
