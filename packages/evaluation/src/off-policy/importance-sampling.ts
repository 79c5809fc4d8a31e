import { discountedReturn, logSumExp, logWeightAt, longest, type WeightedEpisode } from "./weighted-episode.js";

/**
 * An estimate of the target policy's discounted return within the episodes' step limit, or that of the value estimates it
 * rests on; NaN where no episode has any weight, Infinity where unnormalised weights overflow.
 */
export type Estimator = (episodes: readonly WeightedEpisode[], discount: number) => number;

const wholeWeight = (episode: WeightedEpisode): number => logWeightAt(episode, Infinity);

/** Mean of each return times the product of its ratios: unbiased, of enormous variance. Source: Precup et al. 2000. */
export const importanceSampling: Estimator = (episodes, discount) =>
  episodes.reduce(
    (sum, each) => sum + times(Math.exp(wholeWeight(each)), discountedReturn(each.rewards, discount)),
    0,
  ) / episodes.length;

/** The same divided by the sum of the products: biased, consistent. Source: Precup et al. 2000, section 3. */
export const weightedImportanceSampling: Estimator = (episodes, discount) => {
  const total = logSumExp(episodes.map(wholeWeight));
  return episodes.reduce(
    (sum, each) => sum + Math.exp(wholeWeight(each) - total) * discountedReturn(each.rewards, discount),
    0,
  );
};

/** Each reward weighted with the ratios up to its own step. Source: Precup et al. 2000, section 4. */
export const perDecisionImportanceSampling: Estimator = (episodes, discount) =>
  episodes.reduce((sum, { rewards, cumulative }) => {
    const weighted = rewards.map((reward, t) => times(Math.exp(cumulative[t]!), reward));
    return sum + discountedReturn(weighted, discount);
  }, 0) / episodes.length;

/** Per decision, divided step by step by the sum of the weights over all episodes; ended ones keep their last. */
export const weightedPerDecision: Estimator = (episodes, discount) => {
  let total = 0;
  for (let t = 0, factor = 1; t < longest(episodes); t++, factor *= discount) {
    const norm = stepNorm(episodes, t);
    for (const { rewards, cumulative } of episodes) {
      if (t < rewards.length) total += factor * Math.exp(cumulative[t]! - norm) * rewards[t]!;
    }
  }
  return total;
};

/** Log of the sum of all episodes' weights at step t. */
export const stepNorm = (episodes: readonly WeightedEpisode[], t: number): number =>
  logSumExp(episodes.map((episode) => logWeightAt(episode, t)));

/** (sum of weights)^2 over the sum of squared weights: how many episodes the estimate rests on, from 1 to all. */
export function effectiveSampleSize(episodes: readonly WeightedEpisode[]): number {
  const weights = episodes.map(wholeWeight);
  return Math.exp(2 * logSumExp(weights) - logSumExp(weights.map((weight) => 2 * weight)));
}

/** An episode of weight 0 adds nothing, an infinite weight on a reward of 0 neither. */
const times = (weight: number, value: number): number => (weight === 0 || value === 0 ? 0 : weight * value);
