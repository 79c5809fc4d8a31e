import { readFile } from "node:fs/promises";
import { z } from "zod";
import { keptIn } from "../kept.js";
import { STEPS } from "./rows.js";

/** Steps whose error the table has. */
export const SHOWN = [1, 10, 50, 100, 200, STEPS];

/** A finished row, as it is kept under docs/results/horizon. */
export const FinishedHorizon = z.object({
  name: z.string(),
  embedding: z.number(),
  updates: z.number(),
  share: z.number(),
  /** Episodes and steps that the model was trained on. */
  episodes: z.number(),
  steps: z.number(),
  parameters: z.number(),
  /** Mean cross-entropy at the end of the training, of a token. */
  loss: z.number(),
  /** What trains the model, and what predicts. */
  commands: z.array(z.string()),
  /** Median over episodes of a step's error, by how it is predicted. */
  errors: z.record(z.string(), z.array(z.number())),
});
export type FinishedHorizon = z.output<typeof FinishedHorizon>;

export const finishedHorizons = keptIn("docs/results/horizon", FinishedHorizon);

const Run = z.object({
  dataset: z.object({ episodes: z.number(), steps: z.number() }),
  fitted: z.object({ sequence: z.object({ parameters: z.number(), loss: z.number() }) }),
});
const Prediction = z.object({
  models: z.array(
    z.object({ name: z.string(), way: z.string(), errors: z.array(z.object({ median: z.number().nullable() })) }),
  ),
});

const MODEL = "trajectory-transformer";

/** What a run's training and prediction came to. */
export async function readHorizon(
  directory: string,
): Promise<Pick<FinishedHorizon, "episodes" | "steps" | "parameters" | "loss" | "errors">> {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(`${directory}/${file}`, "utf8"));
  const { dataset, fitted } = Run.parse(await read("result.json"));
  const { models } = Prediction.parse(await read("prediction.json"));
  const errors = models
    .filter(({ name }) => name === MODEL)
    .map(({ way, errors }) => [way, SHOWN.map((step) => errors[step - 1]?.median ?? Number.NaN)] as const);
  return {
    episodes: dataset.episodes,
    steps: dataset.steps,
    parameters: fitted.sequence.parameters,
    loss: fitted.sequence.loss,
    errors: Object.fromEntries(errors),
  };
}
