import { readFile } from "node:fs/promises";
import { z } from "zod";
import { keptIn } from "../kept.js";

/** A finished row, as it is kept under docs/results/plans; returns are undiscounted, over the first steps alone. */
export const FinishedPlan = z.object({
  name: z.string(),
  dataset: z.string(),
  model: z.string(),
  planner: z.string(),
  pessimism: z.string(),
  /** What makes the run that is planned in, and what plans. */
  commands: z.array(z.string()),
  returns: z.array(z.number()),
  /** What the model expected of the same steps when it planned them; null where the planner does not say. */
  expected: z.number().nullable(),
  /** Median of a decision; where episodes are planned for together, of its share of their time. */
  milliseconds: z.number(),
});
export type FinishedPlan = z.output<typeof FinishedPlan>;

/** What planning stands beside, over as many steps. */
export const Baseline = z.object({ name: z.string(), dataset: z.string(), data: z.number(), cloning: z.number() });
export type Baseline = z.output<typeof Baseline>;

export const finishedPlans = keptIn("docs/results/plans", FinishedPlan);
export const baselines = keptIn("docs/results/plans/baselines", Baseline);

const Plan = z.object({
  pessimism: z.string(),
  decision: z.object({ each: z.object({ median: z.number() }) }),
  episodes: z.array(z.object({ steps: z.array(z.object({ predicted: z.number().nullable(), realised: z.number() })) })),
});

/** What the last `plan` of a run came to. */
export async function readPlan(
  directory: string,
): Promise<Pick<FinishedPlan, "pessimism" | "returns" | "expected" | "milliseconds">> {
  const plan = Plan.parse(JSON.parse(await readFile(`${directory}/plan.json`, "utf8")));
  const returns = plan.episodes.map(({ steps }) => total(steps.map(({ realised }) => realised)));
  const expected = plan.episodes.flatMap(({ steps }) => steps.map(({ predicted }) => predicted));
  const known = expected.every((each) => each !== null);
  return {
    pessimism: plan.pessimism,
    returns,
    expected: known ? total(expected) / plan.episodes.length : null,
    milliseconds: plan.decision.each.median,
  };
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
