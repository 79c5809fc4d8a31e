import type { Termination } from "@lowerbound/core";
import { firstHalf, rowsByGroup } from "../../calibration/halves.js";
import type { FittedPenalty } from "../../calibration/penalise.js";
import { type FittedModel, penaltyOfRows } from "../../calibration/predict.js";
import type { MeasuredRows } from "../../calibration/rows.js";
import { matrixOf } from "../../off-policy/act-all.js";
import { unitInterval } from "../../statistics/bootstrap.js";
import type { Interval } from "../../statistics/quantile.js";
import { coveringCoefficient, episodesFor } from "./coefficient.js";
import { bootstrap, type CheckOptions, type CoverageCheck, checkCoverage } from "./coverage-check.js";
import { type NextValues, valueSlopes } from "./row-errors.js";
import { type SampledRows, sampleRows } from "./sampled-rows.js";
import type { StateValues } from "./state-values.js";

export interface MeasuringJob {
  readonly model: FittedModel;
  readonly termination: Termination;
  readonly penalty: FittedPenalty;
  readonly values: StateValues;
  readonly samples: number;
}

/** Rows with all that does not depend on the coefficient. */
export interface MeasuredPenalty {
  readonly rows: MeasuredRows;
  readonly u: Float64Array;
  readonly sampled: SampledRows;
  readonly values: NextValues;
}

/** Penalty, samples of the model, and values of what was sampled and of what came. */
export async function measureRows(job: MeasuringJob, rows: MeasuredRows): Promise<MeasuredPenalty> {
  const { model, termination, penalty, values, samples } = job;
  const sampled = await sampleRows({ model, termination, rows, samples });
  const came = await values.values(matrixOf(rows.nextObservations, rows.observation));
  const imagined = await values.values(sampled.nextObservations);
  return {
    rows,
    u: await penaltyOfRows(model, penalty, rows),
    sampled,
    values: {
      came: came.map((value, row) => (rows.terminations[row] === 1 ? 0 : value)),
      sampled: imagined.map((value, i) => (sampled.ended[i] === 1 ? 0 : value)),
    },
  };
}

/** The value's Lipschitz constant: from every other episode, checked on the rest. */
export interface LipschitzEstimate {
  readonly constant: number;
  readonly pairs: number;
  /** Share of the other episodes' pairs with no larger slope, and its interval; null without such episodes. */
  readonly within: { readonly share: number; readonly interval: Interval } | null;
}

/** Episodes that constants are found on, and those that they are checked on: lists of rows. */
export function splitRows({ rows }: MeasuredPenalty) {
  const first = firstHalf(rows.episode);
  const all = Array.from(first.keys());
  const part = (calibrates: boolean) =>
    rowsByGroup(
      rows.episode,
      all.filter((row) => first[row] === calibrates),
    );
  return { calibration: part(true), check: part(false) };
}

/** The largest slope of the calibration episodes' pairs; pairs of one point, or at terminal states, have none. */
export function estimateLipschitz(
  measured: MeasuredPenalty,
  distance: Float64Array,
  options: CheckOptions,
): LipschitzEstimate {
  const { samples } = measured.sampled;
  const slopes = valueSlopes({ ...measured, distance }, measured.values);
  const { calibration, check } = splitRows(measured);
  const slopesOf = (rows: readonly number[]): readonly number[] =>
    rows.flatMap((row) => [...slopes.subarray(row * samples, (row + 1) * samples)].filter((slope) => slope >= 0));
  const own = calibration.flatMap(slopesOf);
  const constant = own.reduce((most, slope) => Math.max(most, slope), 0);
  const others = check.map(slopesOf).filter(({ length }) => length > 0);
  const shareOf = (picked: readonly (readonly number[])[]) => {
    const flat = picked.flat();
    return flat.filter((slope) => slope <= constant).length / flat.length;
  };
  if (others.length === 0) return { constant, pairs: own.length, within: null };
  const interval = unitInterval(
    others.length,
    (picks) => shareOf(Array.from(picks, (pick) => others[pick]!)),
    bootstrap(options, "lipschitz"),
  );
  return { constant, pairs: own.length, within: { share: shareOf(others), interval } };
}

/** A coefficient, and how it fared on episodes that it was not found on. */
export interface CoefficientEstimate extends CoverageCheck {
  readonly coefficient: number;
  readonly calibrated: boolean;
  /** Why there is none, where nothing was there to find one by: no failure, and no bound either. */
  readonly lacking: string | undefined;
}

export interface CoefficientOptions extends CheckOptions {
  readonly level: number;
  /** Use this one in place of the smallest that covers. */
  readonly claimed?: number | undefined;
  /** Pairs that the value's Lipschitz constant was found on. */
  readonly slopes: number;
}

/**
 * The coefficient that covers the calibration episodes, or the claimed one, on the other episodes.
 *
 * Without a slope the errors have no price, which a claim does not give them either: then there is none.
 */
export function estimateCoefficient(
  measured: MeasuredPenalty,
  errors: Float64Array,
  options: CoefficientOptions,
): CoefficientEstimate {
  const { calibration, check } = splitRows(measured);
  const rows = { u: measured.u, error: errors };
  const { level, claimed } = options;
  const lacking = lackingFor(calibration.length, options);
  const found = () => claimed ?? coveringCoefficient({ ...rows, episodes: calibration }, level);
  const coefficient = lacking === undefined ? found() : Infinity;
  const checked = claimed === undefined ? check : [...calibration, ...check];
  return {
    coefficient,
    calibrated: claimed === undefined,
    lacking,
    ...checkCoverage({ ...rows, episodes: checked }, coefficient, options),
  };
}

function lackingFor(episodes: number, { level, claimed, slopes }: CoefficientOptions): string | undefined {
  if (slopes === 0)
    return "no held-out pair of next states, sampled and true, to find the value's Lipschitz constant on";
  const needed = episodesFor(level);
  if (claimed !== undefined || episodes >= needed) return undefined;
  const few = `there are fewer than ${needed} held-out episodes to find a coefficient on, what the level asks for`;
  return `${few} (a lower --level, or a longer log: --data)`;
}
