import { ConfigError, type Plan, type PlanRequest, type SequenceEvaluator } from "@lowerbound/core";
import { clipActions } from "../box.js";
import { startClock } from "../request.js";
import { createIncumbent, type Incumbent } from "../scores.js";
import { watchRounds } from "./trace.js";

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

/** A trajectory optimiser, round by round. */
export interface Rounds {
  readonly horizon: number;
  /** At most; the watch may end them before. */
  readonly iterations: number;
  /** Sequences of a round [population, horizon, action]; `best` [horizon, action] has the highest finite score so far. */
  readonly sample: (round: number, best: Float32Array | undefined) => Float32Array;
  /** Learn from a round's scores; what the distribution then is. */
  readonly learn?: (sequences: Float32Array, scores: Float32Array) => Pick<Round, "mean" | "dispersion">;
}

/** Sample, score and learn, round after round, and keep the best sequence seen. */
export async function runRounds(
  evaluator: SequenceEvaluator,
  { horizon, iterations, sample, learn }: Rounds,
  { observe, expired }: Watch,
): Promise<Pick<Found, "rounds" | "evaluations"> & { readonly incumbent: Incumbent }> {
  const incumbent = createIncumbent();
  let [rounds, evaluations] = [0, 0];
  while (rounds < iterations) {
    const population = sample(rounds, incumbent.found()?.sequence);
    const scores = await scoresOf(evaluator, population, horizon);
    incumbent.offer(population, scores);
    const learnt = learn?.(population, scores);
    rounds++;
    evaluations += scores.length;
    observe?.({ population, scores, ...learnt });
    if (expired?.()) break;
  }
  return { incumbent, rounds, evaluations };
}

/** A round's scores, one a sequence. @throws ConfigError if the evaluator gives another number of them */
async function scoresOf(
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

/** Search under the request's budget, as a plan that tells of its rounds; `remember` what the next plan goes on from. */
export async function planByRounds<F extends Found>(
  { budgetMilliseconds }: PlanRequest,
  { actionSize, pessimism }: SequenceEvaluator,
  search: (watch: Watch) => Promise<F>,
  remember?: (found: F) => unknown,
): Promise<Plan> {
  const { observe, trace } = watchRounds(actionSize);
  const found = await search({ expired: startClock(budgetMilliseconds), observe });
  const { sequence, score, rounds, evaluations } = found;
  return {
    actions: { rows: sequence.length / actionSize, columns: actionSize, data: sequence },
    score,
    pessimism,
    effort: { rounds, evaluations },
    trace: trace(),
    ...(remember === undefined ? {} : { memory: remember(found) }),
  };
}

/** The best sequence of all rounds, as a plan. @throws NumericalError when no score is finite */
export const bestOfRounds = (request: PlanRequest, evaluator: SequenceEvaluator, rounds: Rounds): Promise<Plan> =>
  planByRounds(request, evaluator, async (watch) => {
    const { incumbent, ...effort } = await runRounds(evaluator, rounds, watch);
    return { ...incumbent.best(), ...effort };
  });
