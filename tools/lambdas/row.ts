import { readFile } from "node:fs/promises";
import { z } from "zod";
import { returnsShape } from "../experiments/result.js";

const Candidate = z.object({ penaltyCoefficient: z.number(), score: z.number().nullable() });

const Selection = z.object({
  rule: z.string(),
  coefficient: z.number().nullable(),
  reason: z.string(),
  candidates: z.array(Candidate),
});

/** A finished cell, as it is kept under docs/results/lambdas. */
export const LambdaRow = z.object({
  name: z.string(),
  dataset: z.string(),
  /** What the policy was trained with; where `selection` stands, what was chosen. */
  penaltyCoefficient: z.number(),
  selection: Selection.nullable(),
  updates: z.number(),
  command: z.string(),
  ...returnsShape,
});

export type LambdaRow = z.output<typeof LambdaRow>;

const Chosen = z.looseObject({
  trained: z.looseObject({ penaltyCoefficient: z.number(), selection: Selection }),
});

/** What an `auto` run chose, and how. */
export async function chosenIn(
  directory: string,
): Promise<Pick<LambdaRow, "penaltyCoefficient"> & { selection: z.output<typeof Selection> }> {
  const { trained } = Chosen.parse(JSON.parse(await readFile(`${directory}/result.json`, "utf8")));
  const { penaltyCoefficient, selection } = trained;
  return { penaltyCoefficient, selection };
}
