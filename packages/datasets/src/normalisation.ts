import type { Dataset } from "@lowerbound/core";

/** Mean and standard deviation of each entry of an observation. */
export interface Normalisation {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

/**
 * Mean and standard deviation (of the population) of all observations that were acted on, read piece by piece.
 *
 * Observations after the last step of an episode do not count. Sums in double precision (Welford's update).
 * @param minimum added to each deviation, so that a constant entry becomes zero, not NaN; 1e-3 as in
 * Fujimoto & Gu 2021 (TD3+BC)
 */
export async function observationNormalisation(dataset: Dataset, minimum = 1e-3): Promise<Normalisation> {
  const { observation: width } = await dataset.info();
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  let count = 0;
  for await (const { length, observations } of dataset.episodes()) {
    for (let step = 0; step < length; step++) {
      count += 1;
      for (let i = 0; i < width; i++) {
        const value = observations[step * width + i]!;
        const before = value - mean[i]!;
        mean[i] = mean[i]! + before / count;
        squares[i] = squares[i]! + before * (value - mean[i]!);
      }
    }
  }
  return {
    mean: Float32Array.from(mean),
    std: Float32Array.from(squares, (sum) => Math.sqrt(sum / count) + minimum),
  };
}

/** Observations [rows, width] to zero mean and unit deviation; the inverse is `denormalise`. */
export const normalise = (observations: Float32Array, { mean, std }: Normalisation): Float32Array =>
  observations.map((value, i) => (value - mean[i % mean.length]!) / std[i % std.length]!);

export const denormalise = (observations: Float32Array, { mean, std }: Normalisation): Float32Array =>
  observations.map((value, i) => value * std[i % std.length]! + mean[i % mean.length]!);
