import type { CertificateTruth } from "@lowerbound/core";
import { rowsByGroup } from "../../calibration/halves.js";
import type { BoundFigures } from "./bound-of.js";
import { type CheckOptions, type CoverageCheck, checkCoverage } from "./coverage-check.js";
import { type MeasuringJob, measureRows } from "./held-out.js";
import { type ErrorOptions, rowErrors } from "./row-errors.js";
import { sampleDistances } from "./sample-distances.js";
import type { PlayedTruth } from "./truth.js";

/** A simulator's figures beside those of a certificate, and how its coefficient fared where the policy went. */
export interface BesideTruth {
  readonly truth: CertificateTruth;
  readonly visits: CoverageCheck;
}

export interface BesideTruthJob {
  readonly played: PlayedTruth;
  readonly measuring: MeasuringJob;
  /** Unit of distance of each dimension, [observation]. */
  readonly spreads: ArrayLike<number>;
  readonly pricing: ErrorOptions;
  readonly coefficient: number;
  readonly figures: BoundFigures;
  readonly checking: CheckOptions;
}

/** Measure the penalty where the policy went, and set its true return beside the model's. */
export async function besideTruth(job: BesideTruthJob): Promise<BesideTruth> {
  const { played, measuring, spreads, pricing, coefficient, figures, checking } = job;
  const { u, sampled, rows } = await measureRows(measuring, played.visits);
  const error = rowErrors({ rows, sampled, distance: sampleDistances(rows, sampled, spreads) }, pricing);
  const episodes = rowsByGroup(rows.episode, [...rows.episode.keys()]);
  const visits = checkCoverage({ u, error, episodes }, Number.isFinite(coefficient) ? coefficient : 0, checking);
  const { value, interval } = played.discountedReturn;
  const { minimum, maximum } = figures.rewards;
  const truth = {
    environmentId: played.environmentId,
    episodes: played.episodes,
    discountedReturn: { value, interval },
    cut: played.remaining * Math.max(Math.abs(minimum), Math.abs(maximum)),
    gain: figures.modelReturn === null ? null : figures.modelReturn.value - value,
    visits: visits.check,
  };
  return { truth, visits };
}
