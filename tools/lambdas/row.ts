import { readFile } from "node:fs/promises";
import { z } from "zod";

const figure = z.number().nullable();

/** What a run's `result.json` says of how it chose. */
const Chosen = z.object({
  dataset: z.object({ returns: z.object({ mean: z.number() }) }),
  trained: z.object({
    penaltyCoefficient: z.number(),
    selection: z.object({
      rule: z.string(),
      coefficient: figure,
      reach: figure,
      reason: z.string(),
      candidates: z.array(
        z.object({
          penaltyCoefficient: z.number(),
          score: figure,
          figures: z.object({ modelReturn: figure.optional(), uncertainty: figure.optional() }),
        }),
      ),
    }),
  }),
});

/** What `evaluate --json` prints. */
export const Truth = z.object({ mean: z.number(), std: z.number(), normalisedScore: z.number().optional() });

/** A candidate: what the rule made of it, and its true return, measured after the choice. */
const Candidate = z.object({
  penaltyCoefficient: z.number(),
  /** Discounted, in the model. */
  modelReturn: figure,
  /** Discounted sum of u. */
  uncertainty: figure,
  score: figure,
  truth: Truth,
});
export type Candidate = z.output<typeof Candidate>;

/** A finished choice, as it is kept under docs/results/lambdas. */
export const LambdaRow = z.object({
  name: z.string(),
  dataset: z.string(),
  seed: z.string(),
  updates: z.number(),
  behaviour: z.number(),
  rule: z.string(),
  coefficient: figure,
  /** Largest sum of u of a held-out episode. */
  reach: figure,
  reason: z.string(),
  penaltyCoefficient: z.number(),
  candidates: z.array(Candidate),
  commands: z.array(z.string()),
});
export type LambdaRow = z.output<typeof LambdaRow>;

/** What a run chose, how, and from what; `truthOf` shows a candidate in the simulator. */
export async function chosenIn(
  directory: string,
  truthOf: (penaltyCoefficient: number) => Promise<z.output<typeof Truth>>,
): Promise<
  Pick<LambdaRow, "behaviour" | "rule" | "coefficient" | "reach" | "reason" | "penaltyCoefficient" | "candidates">
> {
  const { dataset, trained } = Chosen.parse(JSON.parse(await readFile(`${directory}/result.json`, "utf8")));
  const { penaltyCoefficient, selection } = trained;
  const { rule, coefficient, reach, reason } = selection;
  const candidates: Candidate[] = [];
  for (const { penaltyCoefficient, score, figures } of selection.candidates) {
    const { modelReturn = null, uncertainty = null } = figures;
    candidates.push({ penaltyCoefficient, modelReturn, uncertainty, score, truth: await truthOf(penaltyCoefficient) });
  }
  return { behaviour: dataset.returns.mean, rule, coefficient, reach, reason, penaltyCoefficient, candidates };
}
