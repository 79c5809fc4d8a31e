import { z } from "zod";

const count = z.int().nonnegative();
/** Null where it is not finite. */
const figure = z.number().nullable();

const model = z.object({
  name: z.string(),
  /** How a prediction is taken: drawn from the model's distribution, its mean, or its most likely tokens. */
  way: z.enum(["drawn", "mean", "most likely", "as logged"]),
  /** The run's folder; null for the log, and for the data's mean. */
  run: z.string().nullable(),
  /** Over episodes, [steps]: root of the mean over dimensions of squared errors, each over the data's deviation. */
  errors: z.array(z.object({ low: figure, median: figure, high: figure })),
});

/** `prediction.json`: open-loop predictions of whole episodes, and their errors by step. Quartiles are over episodes. */
export const predictionSchema = z.object({
  version: z.literal(1),
  dataset: z.string(),
  /** What was simulated; null where the log is the truth. */
  environment: z.string().nullable(),
  truth: z.enum(["simulator", "log"]),
  /** Held out from every fit of the run, any of its data's, or those of another log. */
  episodesFrom: z.enum(["held out", "data", "another log"]),
  seed: count,
  /** Episodes that still go on at each step, [steps]; from step 1. */
  episodes: z.array(count),
  models: z.array(model),
});
export type PredictionReport = z.output<typeof predictionSchema>;
export type PredictedModel = PredictionReport["models"][number];
