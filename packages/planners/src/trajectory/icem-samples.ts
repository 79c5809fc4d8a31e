import type { Random, SequenceEvaluator } from "@lowerbound/core";
import { clipActions } from "../box.js";
import type { SequenceDistribution } from "./fit.js";
import { type IcemCounts, populationAt } from "./icem-counts.js";
import { colouredNoise, frequenciesOf } from "./noise.js";

/** Random numbers of iCEM's rounds. */
export interface DrawIcem {
  /** Standard normal real and imaginary parts [population, action, frequencies]. */
  spectrum(round: number, population: number): { readonly real: Float32Array; readonly imaginary: Float32Array };
  /** The order in which elites are kept. */
  permutation(round: number, elites: number): ArrayLike<number> & Iterable<number>;
  /** Standard normal numbers of the freed last steps [kept, action]. */
  end(round: number, kept: number): Float32Array;
}

export function drawIcem(random: Random, { horizon }: { readonly horizon: number }, actionSize: number): DrawIcem {
  const normal = (size: number) => random.normal(new Float32Array(size));
  const frequencies = frequenciesOf(horizon);
  return {
    spectrum: (_, population) => ({
      real: normal(population * actionSize * frequencies),
      imaginary: normal(population * actionSize * frequencies),
    }),
    permutation: (_, elites) => random.permutation(elites),
    end: (_, kept) => normal(kept * actionSize),
  };
}

/** Samples of a round, coloured along the sequence and clipped to the box [population, horizon, action]. */
export function colouredSamples(
  draw: DrawIcem,
  round: number,
  { mean, dispersion }: SequenceDistribution,
  box: SequenceEvaluator,
  options: IcemCounts & { readonly horizon: number; readonly noiseExponent: number },
): Float32Array {
  const { horizon, noiseExponent: exponent } = options;
  const { actionSize } = box;
  const population = populationAt(round, options);
  const { real, imaginary } = draw.spectrum(round, population);
  // [population, action, horizon]
  const noise = colouredNoise(real, imaginary, { samples: horizon, exponent });
  const sequences = new Float32Array(population * mean.length);
  for (let i = 0; i < sequences.length; i++) {
    const at = i % mean.length;
    const [sample, step, a] = [Math.floor(i / mean.length), Math.floor(at / actionSize), at % actionSize];
    sequences[i] = mean[at]! + Math.sqrt(dispersion[at]!) * noise[(sample * actionSize + a) * horizon + step]!;
  }
  return clipActions(sequences, box);
}

/** Elites one step on, their last step drawn from the distribution's last one, and put into the box. */
export function shiftedElites(
  elites: Float32Array,
  end: Float32Array,
  { mean, dispersion }: SequenceDistribution,
  box: SequenceEvaluator,
): Float32Array {
  const { length } = mean;
  const { actionSize } = box;
  const shifted = elites.slice();
  for (let row = 0; row < elites.length / length; row++) {
    shifted.copyWithin(row * length, row * length + actionSize, (row + 1) * length);
    for (let a = 0; a < actionSize; a++) {
      const at = length - actionSize + a;
      shifted[row * length + at] = mean[at]! + Math.sqrt(dispersion[at]!) * end[row * actionSize + a]!;
    }
  }
  return clipActions(shifted, box);
}
