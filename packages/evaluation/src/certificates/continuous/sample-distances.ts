import type { Transitions } from "@lowerbound/core";
import { columnMoments } from "@lowerbound/nn";
import type { MeasuredRows } from "../../calibration/rows.js";
import type { SampledRows } from "./sampled-rows.js";

/** Added to a spread: entries that never change count in their own unit, a thousandth at least. */
const OFFSET = 1e-3;

/** Unit of distance of each dimension: its spread in the log, [observation]. */
export const spreadsOf = ({ observations, observation }: Transitions): Float64Array =>
  Float64Array.from(columnMoments(observations, observation).std, (std) => std + OFFSET);

/**
 * Euclidean distance of each sample from what came, each dimension over its spread, [rows samples].
 *
 * The mean over a row's samples is the Wasserstein-1 distance between the model's distribution and the truth where the
 * truth is deterministic, and not less than it, on average over what came, where it is not.
 */
export function sampleDistances(
  { nextObservations, observation }: MeasuredRows,
  { samples, nextObservations: drawn }: SampledRows,
  spreads: ArrayLike<number>,
): Float64Array {
  return Float64Array.from({ length: drawn.rows }, (_, i) => {
    const row = Math.floor(i / samples);
    let square = 0;
    for (let d = 0; d < observation; d++) {
      square += ((drawn.data[i * observation + d]! - nextObservations[row * observation + d]!) / spreads[d]!) ** 2;
    }
    return Math.sqrt(square);
  });
}
