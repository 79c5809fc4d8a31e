import { type CertificateCheck, Random } from "@lowerbound/core";
import { unitInterval } from "../../statistics/bootstrap.js";
import type { Interval } from "../../statistics/quantile.js";
import { checkCoefficient, type EpisodeRows } from "./coefficient.js";

export interface CheckOptions {
  readonly seed: number;
  readonly repetitions: number;
  readonly confidence: number;
}

/** How a coefficient fared on episodes. */
export interface CoverageCheck {
  readonly check: CertificateCheck;
  /** Intervals over the episodes of the share covered and of mean coefficient x u - mean error; null without episodes. */
  readonly coverage: Interval | null;
  readonly margin: Interval | null;
}

/** Options of a bootstrap with a stream of its own. */
export const bootstrap = ({ seed, ...options }: CheckOptions, name: string) => ({
  ...options,
  random: Random.fromSeed(seed).stream(name),
});

/** Compare coefficient x u with the errors of episodes; nothing is compared where the coefficient is not finite. */
export function checkCoverage(rows: EpisodeRows, coefficient: number, options: CheckOptions): CoverageCheck {
  const { episodes } = rows;
  if (!Number.isFinite(coefficient) || episodes.length === 0) {
    const none = { rows: 0, episodes: 0, covered: 0, meanPenalty: 0, meanError: 0, worstRatio: null };
    return { check: none, coverage: null, margin: null };
  }
  const over = (figure: (rows: EpisodeRows) => number, name: string): Interval =>
    unitInterval(
      episodes.length,
      (picks) => figure({ ...rows, episodes: Array.from(picks, (pick) => episodes[pick]!) }),
      bootstrap(options, name),
    );
  const marginOf = (picked: EpisodeRows): number => {
    const { meanPenalty, meanError } = checkCoefficient(picked, coefficient);
    return meanPenalty - meanError;
  };
  return {
    check: { rows: episodes.flat().length, episodes: episodes.length, ...checkCoefficient(rows, coefficient) },
    coverage: over((picked) => checkCoefficient(picked, coefficient).covered, "coverage"),
    margin: over(marginOf, "margin"),
  };
}
