import { readFile } from "node:fs/promises";
import { z } from "zod";

/** What the table takes from a run's `result.json`. */
export const RunResult = z.object({
  dataset: z.object({ name: z.string(), returns: z.object({ mean: z.number(), std: z.number() }) }),
  evaluation: z.object({
    mean: z.number(),
    std: z.number(),
    returns: z.array(z.number()),
    normalisedScore: z.number().optional(),
  }),
  /** Null for methods without a model; its mean is where the model diverged. */
  imagined: z.object({ mean: z.number().nullable() }).nullable(),
  seconds: z.record(z.string(), z.number()),
});

/** What every kept row says of a run's returns. */
export const returnsShape = {
  behaviour: z.number(),
  /** Null for methods without a model. */
  modelReturn: z.union([z.number(), z.literal("diverged")]).nullable(),
  trueReturn: z.number(),
  trueStd: z.number(),
  score: z.number().optional(),
};

/** A finished row, as it is kept under docs/results/rows. */
export const FinishedRow = z.object({
  name: z.string(),
  dataset: z.string(),
  algorithm: z.string(),
  seed: z.number(),
  updates: z.number(),
  command: z.string(),
  ...returnsShape,
  seconds: z.record(z.string(), z.number()),
});

export type FinishedRow = z.output<typeof FinishedRow>;

export const readResult = async (directory: string): Promise<z.output<typeof RunResult>> =>
  RunResult.parse(JSON.parse(await readFile(`${directory}/result.json`, "utf8")));

/** The returns of a finished run, as rows keep them. */
export const returnsOf = ({ dataset, evaluation, imagined }: z.output<typeof RunResult>) => ({
  behaviour: dataset.returns.mean,
  modelReturn: imagined === null ? null : (imagined.mean ?? ("diverged" as const)),
  trueReturn: evaluation.mean,
  trueStd: evaluation.std,
  score: evaluation.normalisedScore,
});

/** A return in the model, as tables show it. */
export const modelReturnText = (value: FinishedRow["modelReturn"]): string =>
  typeof value === "number" ? value.toFixed(0) : (value ?? "");

/** Seconds of all phases together, in minutes. */
export const minutesOf = ({ seconds }: Pick<FinishedRow, "seconds">): number =>
  Object.values(seconds).reduce((total, each) => total + each, 0) / 60;
