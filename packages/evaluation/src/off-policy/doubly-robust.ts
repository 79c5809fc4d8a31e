import { CapabilityError } from "@lowerbound/core";
import { type Estimator, stepNorm } from "./importance-sampling.js";
import { logWeightAt, longest, type WeightedEpisode } from "./weighted-episode.js";

/** Mean over episodes of the estimated value of the first state. @throws CapabilityError without value estimates */
export const directMethod: Estimator = (episodes) =>
  episodes.reduce((sum, each) => sum + estimatesOf(each).values[0]!, 0) / episodes.length;

/**
 * One episode's estimate, backwards from V after its last step: v <- V(s) + ratio (reward + discount v - Q(s, a)).
 *
 * V and Q must be of the return that is estimated: of one within the log's steps they depend on the step, and V after the
 * last is 0; of an endless one V after a cut episode's last step is not.
 * Source: Jiang and Li 2016, equation 10. @throws CapabilityError without value estimates
 */
export function doublyRobustOf(episode: WeightedEpisode, discount: number): number {
  const { values, actionValues } = estimatesOf(episode);
  const { rewards, logRatios, finalValue = 0 } = episode;
  let v = finalValue;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const ratio = Math.exp(logRatios[t]!);
    v = values[t]! + (ratio === 0 ? 0 : ratio * (rewards[t]! + discount * v - actionValues[t]!));
  }
  return v;
}

/** Mean over episodes of {@link doublyRobustOf}: unbiased if either the ratios or the value estimates are right. */
export const doublyRobust: Estimator = (episodes, discount) =>
  episodes.reduce((sum, each) => sum + doublyRobustOf(each, discount), 0) / episodes.length;

/**
 * Doubly robust with weights normalised step by step over the episodes; V after an episode's last step weighs as much as
 * that step.
 *
 * Source: Thomas and Brunskill 2016, section 5. @throws CapabilityError without value estimates
 */
export const weightedDoublyRobust: Estimator = (episodes, discount) => {
  const start = -Math.log(episodes.length);
  const steps = longest(episodes);
  const norms = Float64Array.from({ length: steps }, (_, t) => stepNorm(episodes, t));
  const weightAt = (episode: WeightedEpisode, t: number) =>
    Math.exp(t < 0 ? start : logWeightAt(episode, t) - norms[t]!);
  let total = 0;
  for (const episode of episodes) {
    const { values, actionValues } = estimatesOf(episode);
    const { rewards, finalValue = 0 } = episode;
    let factor = 1;
    for (let t = 0; t < rewards.length; t++, factor *= discount) {
      const weight = weightAt(episode, t);
      total += factor * (weight * (rewards[t]! - actionValues[t]!) + weightAt(episode, t - 1) * values[t]!);
    }
    if (finalValue !== 0) total += factor * weightAt(episode, rewards.length - 1) * finalValue;
  }
  return total;
};

function estimatesOf({ values, actionValues }: WeightedEpisode) {
  if (values !== undefined && actionValues !== undefined) return { values, actionValues };
  throw new CapabilityError("a doubly robust estimate needs value estimates of the policy", {
    remedy: "fit them first (fitQEvaluation), and give each episode actionValues and values",
  });
}
