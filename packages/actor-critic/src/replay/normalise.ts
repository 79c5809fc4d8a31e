import type { ObservationScale } from "@lowerbound/core";

/** {@link ObservationScale} with 0.001 added to the population's standard deviation. */
export type Normaliser = ObservationScale;

const OFFSET = 1e-3;

/** Mean and standard deviation of observations [rows, width]. Source: TD3+BC (Fujimoto and Gu 2021), section 4. */
export function fitNormaliser(observations: Float32Array, width: number): Normaliser {
  const rows = observations.length / width;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let i = 0; i < observations.length; i++) mean[i % width]! += observations[i]! / rows;
  for (let i = 0; i < observations.length; i++) square[i % width]! += (observations[i]! - mean[i % width]!) ** 2 / rows;
  return { mean: Float32Array.from(mean), std: Float32Array.from(square, (value) => Math.sqrt(value) + OFFSET) };
}

/** (observation - mean) / std, entry by entry, as a new array. */
export const normalise = (observations: Float32Array, { mean, std }: Normaliser): Float32Array =>
  observations.map((value, i) => (value - mean[i % mean.length]!) / std[i % mean.length]!);
