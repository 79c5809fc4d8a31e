import { DataError } from "@lowerbound/core";

/** One logged episode of T steps as importance sampling sees it; all arrays [T]. */
export interface RatioEpisode {
  readonly rewards: Float64Array;
  /** log of the target's over the behaviour's probability (or density) of each logged action; -Infinity is allowed. */
  readonly logRatios: Float64Array;
  /** Estimated Q(s_t, a_t) and V(s_t) of the target policy, for doubly robust estimates. */
  readonly actionValues?: Float64Array;
  readonly values?: Float64Array;
  /** Estimated V of the observation after the last step, where a time limit cut the episode; else 0, also left out. */
  readonly finalValue?: number;
}

/** The same with running sums of the log-ratios, [T]: products of a thousand ratios overflow, their logarithms do not. */
export interface WeightedEpisode extends RatioEpisode {
  readonly cumulative: Float64Array;
}

/** @throws DataError for an episode without steps, arrays of other lengths, or a ratio that is no number */
export function weighEpisode(episode: RatioEpisode): WeightedEpisode {
  const { rewards, logRatios, actionValues = rewards, values = rewards } = episode;
  const steps = rewards.length;
  if (steps === 0 || [logRatios, actionValues, values].some(({ length }) => length !== steps)) {
    throw new DataError(`an episode of ${steps} rewards`, {
      expected: "as many ratios and values as rewards, above 0",
    });
  }
  const cumulative = new Float64Array(steps);
  let sum = 0;
  for (let t = 0; t < steps; t++) {
    sum += logRatios[t]!;
    if (Number.isNaN(sum) || sum === Infinity) {
      throw new DataError(`the ratio of step ${t} is unusable (log ${logRatios[t]})`, {
        expected: "logged actions to which the behaviour policy gives a positive probability",
      });
    }
    cumulative[t] = sum;
  }
  return { ...episode, cumulative };
}

/** Log-weight of an episode at step t; one that ended keeps its last. */
export const logWeightAt = ({ cumulative }: WeightedEpisode, t: number): number =>
  cumulative[Math.min(t, cumulative.length - 1)]!;

/** log(sum(exp(values))) without overflow; -Infinity of nothing. */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - largest);
  return largest + Math.log(sum);
}

/** Discounted return of rewards [T]. */
export function discountedReturn(rewards: ArrayLike<number>, discount: number): number {
  let total = 0;
  for (let t = rewards.length - 1; t >= 0; t--) total = rewards[t]! + discount * total;
  return total;
}

/** Steps of the longest episode. */
export const longest = (episodes: readonly WeightedEpisode[]): number =>
  episodes.reduce((most, { rewards }) => Math.max(most, rewards.length), 0);
