import { type BootstrapOptions, unitInterval } from "../statistics/bootstrap.js";
import type { Interval } from "../statistics/quantile.js";
import { directMethod, doublyRobust, weightedDoublyRobust } from "./doubly-robust.js";
import {
  type Estimator,
  effectiveSampleSize,
  importanceSampling,
  perDecisionImportanceSampling,
  weightedImportanceSampling,
  weightedPerDecision,
} from "./importance-sampling.js";
import type { WeightedEpisode } from "./weighted-episode.js";

/** A policy's estimated return, with a bootstrap interval over the logged episodes. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
  readonly episodes: number;
  /** How many episodes the weights leave; only where there are weights. */
  readonly effectiveSampleSize?: number;
  /** Why not to trust the value as it is, if something is known. */
  readonly warning?: string;
}

/** Estimators that weigh logged episodes, by name. */
export const ratioEstimators = {
  is: importanceSampling,
  wis: weightedImportanceSampling,
  "per-decision-is": perDecisionImportanceSampling,
  "per-decision-wis": weightedPerDecision,
  direct: directMethod,
  "doubly-robust": doublyRobust,
  "weighted-doubly-robust": weightedDoublyRobust,
} as const satisfies Record<string, Estimator>;

/** An estimator on weighted episodes and on their resamples. */
export function estimateOf(
  estimator: Estimator,
  episodes: readonly WeightedEpisode[],
  discount: number,
  options: BootstrapOptions,
): Estimate {
  return {
    value: estimator(episodes, discount),
    interval: unitInterval(
      episodes.length,
      (picks) =>
        estimator(
          Array.from(picks, (pick) => episodes[pick]!),
          discount,
        ),
      options,
    ),
    episodes: episodes.length,
    effectiveSampleSize: effectiveSampleSize(episodes),
  };
}

/** Mean of a figure of each episode, with its interval. */
export function estimateOfEach(each: ArrayLike<number>, options: BootstrapOptions): Estimate {
  const mean = (index: (k: number) => number) => {
    let sum = 0;
    for (let k = 0; k < each.length; k++) sum += each[index(k)]!;
    return sum / each.length;
  };
  return {
    value: mean((k) => k),
    interval: unitInterval(each.length, (picks) => mean((k) => picks[k]!), options),
    episodes: each.length,
  };
}

/**
 * The estimate, its interval NaN where it rests on one episode: resamples of one are all alike, and an interval without
 * width would say that nothing is uncertain.
 */
export const intervalOfSeveral = (estimate: Estimate): Estimate =>
  estimate.episodes > 1 ? estimate : { ...estimate, interval: { low: Number.NaN, high: Number.NaN } };
