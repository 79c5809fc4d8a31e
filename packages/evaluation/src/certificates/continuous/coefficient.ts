import { finiteOrNull } from "@lowerbound/core";
import { hierarchicalQuantile } from "@lowerbound/nn";
import { type BootstrapOptions, unitInterval } from "../../statistics/bootstrap.js";

/** u and error of rows, [rows] each, and the rows of each episode. */
export interface EpisodeRows {
  readonly u: ArrayLike<number>;
  readonly error: ArrayLike<number>;
  readonly episodes: readonly (readonly number[])[];
}

/**
 * The factor c with c u >= error for a transition drawn at random from a new episode like these, with probability `level`;
 * Infinity where the episodes are too few for the level, or no factor covers.
 *
 * Rows without error need no factor; a row whose ratio is no number is covered by none. Source: split conformal
 * prediction over groups (see `hierarchicalQuantile`).
 */
export const coveringCoefficient = ({ u, error, episodes }: EpisodeRows, level: number): number =>
  hierarchicalQuantile(
    episodes.map((rows) => rows.map((row) => (error[row] === 0 ? 0 : error[row]! / u[row]!))),
    level,
  );

/**
 * The factor c with c u >= error on average over rows like these, at a one-sided confidence: the ratio of the sums, and of
 * its resamples over episodes the quantile `confidence`. Infinity where u is 0 throughout and the error is not, or a sum
 * of an episode is not finite; NaN of fewer than two episodes.
 */
export function meanCoefficient({ u, error, episodes }: EpisodeRows, options: BootstrapOptions): number {
  if (episodes.length < 2) return Number.NaN;
  const sums = episodes.map((rows) => ({ error: total(error, rows), u: total(u, rows) }));
  if (sums.some((each) => !Number.isFinite(each.error + each.u))) return Infinity;
  const ratioOfSums = (picks: Int32Array): number => {
    let [errors, penalties] = [0, 0];
    for (const pick of picks) {
      errors += sums[pick]!.error;
      penalties += sums[pick]!.u;
    }
    return errors === 0 ? 0 : errors / penalties;
  };
  return unitInterval(episodes.length, ratioOfSums, { ...options, confidence: 2 * options.confidence - 1 }).high;
}

const total = (values: ArrayLike<number>, rows: readonly number[]): number =>
  rows.reduce((sum, row) => sum + values[row]!, 0);

/** Episodes that any coefficient for the level needs: the weight of all but the new one's is to reach it. */
export const episodesFor = (level: number): number => Math.ceil(level / (1 - level) - 1e-9);

/** How far c u covers the errors of rows. */
export interface CoefficientCheck {
  /** Share of rows with c u >= error. */
  readonly covered: number;
  readonly meanPenalty: number;
  readonly meanError: number;
  /** Largest error over c u of a row; null where c u is 0 and the error is not. */
  readonly worstRatio: number | null;
}

/** Compare c u with the errors of the rows of given episodes. */
export function checkCoefficient({ u, error, episodes }: EpisodeRows, coefficient: number): CoefficientCheck {
  const rows = episodes.flat();
  const sum = (figure: (row: number) => number) => rows.reduce((total, row) => total + figure(row), 0) / rows.length;
  const ratios = rows.map((row) => (error[row] === 0 ? 0 : error[row]! / (coefficient * u[row]!)));
  const worst = ratios.reduce((most, ratio) => Math.max(most, ratio), 0);
  return {
    covered: sum((row) => (coefficient * u[row]! >= error[row]! ? 1 : 0)),
    meanPenalty: sum((row) => coefficient * u[row]!),
    meanError: sum((row) => error[row]!),
    worstRatio: finiteOrNull(worst),
  };
}
