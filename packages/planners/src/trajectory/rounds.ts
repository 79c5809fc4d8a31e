import { ConfigError, type Plan, type PlanRequest, type SequenceEvaluator } from "@lowerbound/core";
import { startClock } from "../request.js";
import type { Incumbent } from "../scores.js";
import { clipActions } from "./bounds.js";

/** One round of a trajectory optimiser, for figures and comparisons. */
export interface Round {
  /** [population, horizon, action] */
  readonly population: Float32Array;
  /** [population] */
  readonly scores: Float32Array;
  /** Of the distribution after the round, [horizon, action]; absent where there is none. */
  readonly mean?: Float64Array;
  readonly dispersion?: Float64Array;
}

/** How a run of rounds is watched and cut short. */
export interface Watch {
  readonly observe?: (round: Round) => void;
  /** Asked after each round: whether to stop. */
  readonly expired?: () => boolean;
}

/** What a trajectory optimiser ends with. */
export interface Found {
  /** [horizon, action] */
  readonly sequence: Float32Array;
  readonly score: number;
  readonly rounds: number;
  readonly evaluations: number;
}

/** A round's scores, one a sequence. @throws ConfigError if the evaluator gives another number of them */
export async function scoresOf(
  evaluator: SequenceEvaluator,
  population: Float32Array,
  horizon: number,
): Promise<Float32Array> {
  const count = population.length / (horizon * evaluator.actionSize);
  const scores = await evaluator.evaluate(population, count, horizon);
  if (scores.length === count) return scores;
  throw new ConfigError(`${scores.length} scores for ${count} action sequences`, {
    where: "plan.sequences",
    expected: "one score a sequence",
  });
}

/**
 * The best sequence seen, or the distribution's mean, put into the box.
 *
 * The mean was never a candidate: it is scored once, and where its score is not finite the best one seen stands.
 */
export async function conclude(
  evaluator: SequenceEvaluator,
  incumbent: Incumbent,
  { mean, horizon }: { readonly mean: Float64Array | undefined; readonly horizon: number },
): Promise<Pick<Found, "sequence" | "score">> {
  const best = incumbent.best();
  if (mean === undefined) return best;
  const sequence = clipActions(Float32Array.from(mean), evaluator);
  const [score = Number.NaN] = await scoresOf(evaluator, sequence, horizon);
  return Number.isFinite(score) ? { sequence, score } : best;
}

/** A found sequence as a plan. */
export const planOf = (
  { actionSize, pessimism }: SequenceEvaluator,
  { sequence, score, rounds, evaluations }: Found,
  memory?: unknown,
): Plan => ({
  actions: { rows: sequence.length / actionSize, columns: actionSize, data: sequence },
  score,
  pessimism,
  effort: { rounds, evaluations },
  ...(memory === undefined ? {} : { memory }),
});

/** A watch that ends when the request's budget is spent. */
export const watchOf = ({ budgetMilliseconds }: PlanRequest): Watch => ({ expired: startClock(budgetMilliseconds) });
