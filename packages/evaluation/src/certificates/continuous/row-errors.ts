import type { MeasuredRows } from "../../calibration/rows.js";
import { mean } from "../../statistics/scores.js";
import type { SampledRows } from "./sampled-rows.js";

/** Values of sampled and of true next states, 0 at terminal ones: [rows samples] and [rows]. */
export interface NextValues {
  readonly sampled: Float64Array;
  readonly came: Float64Array;
}

/** The largest size of a value of either side, 0 of none: where one alone ended, the other's value is what it costs. */
export const largestValue = ({ sampled, came }: NextValues): number =>
  [came, sampled].flatMap((values) => [...values]).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Rows, samples at them, and how far each sample is from what came, [rows samples]. */
export interface DistantRows {
  readonly rows: Pick<MeasuredRows, "terminations" | "rewards">;
  readonly sampled: Pick<SampledRows, "samples" | "ended" | "rewards">;
  readonly distance: Float64Array;
}

/** Slope |V(sample) - V(came)| / distance of every sample, [rows samples]; NaN where either ended or both are one. */
export function valueSlopes({ rows, sampled, distance }: DistantRows, values: NextValues): Float64Array {
  const { samples, ended } = sampled;
  return distance.map((apart, i) => {
    const row = Math.floor(i / samples);
    if (ended[i] === 1 || rows.terminations[row] === 1 || apart === 0) return Number.NaN;
    return Math.abs(values.sampled[i]! - values.came[row]!) / apart;
  });
}

export interface ErrorOptions {
  readonly discount: number;
  /** Lipschitz constant of the value, reward per spread. */
  readonly lipschitz: number;
  /** Largest size of a value: what a sample costs that is terminal where the truth is not, or the other way round. */
  readonly largestValue: number;
}

/**
 * What a step in the model can be wrong by, in units of reward, [rows]: the reward's error and, discounted, how far the
 * value of the next state can move, the mean over samples of lipschitz x distance.
 *
 * A value that is 0 at terminal states has a step at their edge; there no Lipschitz constant holds, and a sample on the
 * other side than the truth costs the largest value instead.
 * Source: the telescoping lemma of MOPO (Yu et al. 2020, lemma 4.1) with the Wasserstein-1 distance for a Lipschitz value
 * (Asadi et al. 2018, "Lipschitz continuity in model-based reinforcement learning"); terminal states are our addition.
 */
export function rowErrors({ rows, sampled, distance }: DistantRows, options: ErrorOptions): Float64Array {
  const { discount, lipschitz, largestValue } = options;
  const { samples, ended, rewards } = sampled;
  return rewards.map((reward, row) => {
    let moved = 0;
    for (let i = row * samples; i < (row + 1) * samples; i++) {
      if (ended[i] !== rows.terminations[row]) moved += largestValue / samples;
      else if (ended[i] === 0) moved += (lipschitz * distance[i]!) / samples;
    }
    return Math.abs(reward - rows.rewards[row]!) + discount * moved;
  });
}

/**
 * What a step in the model is too good by in one value, in units of reward, [rows]: the sampled reward less the logged one
 * and, discounted, the mean value of the samples less that of what came.
 *
 * Not a bound for all values of a class, as {@link rowErrors} is, but what the telescoping lemma sums up for this one: such
 * errors have signs, and make up for each other along a trajectory.
 * Source: MOPO (Yu et al. 2020), lemma 4.1, before its supremum over a class of values.
 */
export function valueErrors({ rows, sampled, values }: ValuedRows, discount: number): Float64Array {
  const { samples, rewards } = sampled;
  return rewards.map((reward, row) => {
    const drawn = values.sampled.subarray(row * samples, (row + 1) * samples);
    return reward - rows.rewards[row]! + discount * (mean(drawn) - values.came[row]!);
  });
}

/** Rows, samples at them, and the value of both. */
export interface ValuedRows {
  readonly rows: Pick<MeasuredRows, "rewards">;
  readonly sampled: Pick<SampledRows, "samples" | "rewards">;
  readonly values: NextValues;
}

/**
 * Discounted sums of a figure of consecutive steps, from each on to the last of its episode, [rows]; rows of an episode
 * stand one after the other, all that come after the first.
 */
export function sumsToEnd(
  figure: ArrayLike<number>,
  { episode }: Pick<MeasuredRows, "episode">,
  discount: number,
): Float64Array {
  const sums = Float64Array.from(figure);
  for (let row = sums.length - 2; row >= 0; row--) {
    if (episode[row] === episode[row + 1]) sums[row]! += discount * sums[row + 1]!;
  }
  return sums;
}
