import type { ObservationScale } from "@lowerbound/core";
import { columnMoments, divisorOf } from "@lowerbound/nn";

/** {@link ObservationScale} with 0.001 added to the population's standard deviation, or to 1 where an entry is constant. */
export type Normaliser = ObservationScale;

const OFFSET = 1e-3;

/**
 * Mean and standard deviation of observations [rows, width].
 *
 * Source: TD3+BC (Fujimoto and Gu 2021), section 4. Deviation: an entry that is constant in the data stays in its own unit.
 * A learnt model does not hold it to the digit, and over 0.001 its noise would drown every other entry of a rollout.
 */
export function fitNormaliser(observations: Float32Array, width: number): Normaliser {
  const { mean, std } = columnMoments(observations, width);
  return {
    mean: Float32Array.from(mean),
    std: Float32Array.from(std, (value, i) => divisorOf(mean[i]!, value) + OFFSET),
  };
}

/** (observation - mean) / std, entry by entry, as a new array. */
export const normalise = (observations: Float32Array, { mean, std }: Normaliser): Float32Array =>
  observations.map((value, i) => (value - mean[i % mean.length]!) / std[i % mean.length]!);
