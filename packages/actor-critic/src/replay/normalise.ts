import type { ObservationScale } from "@lowerbound/core";
import { columnMoments } from "@lowerbound/nn";

/** {@link ObservationScale} with 0.001 added to the population's standard deviation. */
export type Normaliser = ObservationScale;

const OFFSET = 1e-3;

/** Mean and standard deviation of observations [rows, width]. Source: TD3+BC (Fujimoto and Gu 2021), section 4. */
export function fitNormaliser(observations: Float32Array, width: number): Normaliser {
  const { mean, std } = columnMoments(observations, width);
  return { mean: Float32Array.from(mean), std: Float32Array.from(std, (value) => value + OFFSET) };
}

/** (observation - mean) / std, entry by entry, as a new array. */
export const normalise = (observations: Float32Array, { mean, std }: Normaliser): Float32Array =>
  observations.map((value, i) => (value - mean[i % mean.length]!) / std[i % mean.length]!);
