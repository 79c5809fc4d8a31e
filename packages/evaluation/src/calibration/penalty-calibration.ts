import { coveringCoefficient } from "../certificates/continuous/coefficient.js";
import { rankCorrelation } from "../statistics/rank.js";
import { mean } from "../statistics/scores.js";
import { firstHalf, rowsByGroup } from "./halves.js";

/** One bin of rows with similar penalties. */
export interface ReliabilityBin {
  readonly rows: number;
  readonly meanPenalty: number;
  readonly meanError: number;
  /** Share of the bin's rows with u >= error. */
  readonly coverage: number;
}

/** How far a penalty tells and bounds the true error. */
export interface PenaltyCalibration {
  readonly rows: number;
  readonly meanPenalty: number;
  readonly meanError: number;
  /** Share of rows with u >= error: what theory assumes to be 1. */
  readonly coverage: number;
  /** The same once u is scaled to the mean error, so that penalties of different size compare. */
  readonly coverageAtEqualMean: number;
  /** Spearman's, of u with the error; null where either does not vary. */
  readonly rankCorrelation: number | null;
  /** Bins of equally many rows, least penalties first. */
  readonly reliability: readonly ReliabilityBin[];
  readonly conformal: ConformalCalibration;
}

export interface ConformalCalibration {
  /** With what probability scale u >= error for a row drawn at random from a new group. */
  readonly level: number;
  /** From the first half of the groups, each of the same weight; null where they are fewer than level / (1 - level). */
  readonly scale: number | null;
  /** Share of the second half's rows with scale u >= error. */
  readonly covered: number | null;
}

export interface CalibrationOptions {
  readonly level: number;
  readonly bins: number;
}

/** u, error [rows] and the group, such as the episode, that each row comes from; groups are never split. */
export interface PenaltyRows {
  readonly u: Float64Array;
  readonly error: Float64Array;
  readonly group: ArrayLike<number>;
}

/** Compare a penalty with the true error, row by row. */
export function calibratePenalty(rows: PenaltyRows, { level, bins }: CalibrationOptions): PenaltyCalibration {
  const { u, error } = rows;
  const [meanPenalty, meanError] = [mean(u), mean(error)];
  const correlation = rankCorrelation(u, error);
  return {
    rows: u.length,
    meanPenalty,
    meanError,
    coverage: coverageOf(u, error, 1),
    coverageAtEqualMean: coverageOf(u, error, meanPenalty === 0 ? 0 : meanError / meanPenalty),
    rankCorrelation: Number.isNaN(correlation) ? null : correlation,
    reliability: reliabilityOf(u, error, bins),
    conformal: conformalOf(rows, level),
  };
}

/** Share of rows with scale u >= error. */
export function coverageOf(u: ArrayLike<number>, error: ArrayLike<number>, scale: number): number {
  let covered = 0;
  for (let i = 0; i < u.length; i++) if (scale * u[i]! >= error[i]!) covered++;
  return covered / u.length;
}

/** The curve that a report plots: mean error against mean penalty, bin by bin. */
export function reliabilityOf(u: Float64Array, error: Float64Array, bins: number): readonly ReliabilityBin[] {
  const order = Array.from(u.keys()).sort((a, b) => u[a]! - u[b]!);
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, bin) => {
    const from = Math.floor((bin * order.length) / count);
    const own = order.slice(from, Math.floor(((bin + 1) * order.length) / count));
    const [us, errors] = [own.map((i) => u[i]!), own.map((i) => error[i]!)];
    return {
      rows: own.length,
      meanPenalty: mean(us),
      meanError: mean(errors),
      coverage: coverageOf(us, errors, 1),
    };
  });
}

/** Scale on every other group, in order of appearance; check on the rest. */
function conformalOf({ u, error, group }: PenaltyRows, level: number): ConformalCalibration {
  const calibrates = firstHalf(group);
  const rows = (first: boolean) => Array.from(u.keys()).filter((row) => calibrates[row] === first);
  const scale = coveringCoefficient({ u, error, episodes: rowsByGroup(group, rows(true)) }, level);
  if (!Number.isFinite(scale)) return { level, scale: null, covered: null };
  const rest = rows(false);
  const [us, errors] = [rest.map((row) => u[row]!), rest.map((row) => error[row]!)];
  return { level, scale, covered: rest.length === 0 ? null : coverageOf(us, errors, scale) };
}
