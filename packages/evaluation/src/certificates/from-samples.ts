import { checkKnownParts, type TabularMdp } from "@lowerbound/environments";
import { type RewardRange, theoremLambda } from "./bound.js";
import { rewardRadius, transitionRadius } from "./concentration.js";
import { countSamples, empiricalModel, type KnownParts, type TabularSamples } from "./empirical-model.js";
import { rewardsOutside } from "./reward-range.js";

/** A model and how wrong it can be. */
export interface BoundedModel {
  readonly model: TabularMdp;
  readonly lambda: number;
  /** Bound of |reward error| + lambda TV of each pair, in units of reward: lambda u, [state, action]. */
  readonly error: Float64Array;
  /** Probability, over draws of the log, that it bounds all pairs at once. */
  readonly confidence: number;
  /** Assumptions that were seen to fail on the way: they void the certificate. */
  readonly reasons: readonly string[];
}

/**
 * The empirical model of a log, and an error bound of every pair that holds for all of them at once with `confidence`.
 *
 * Assumes that next states and rewards of a pair are independent draws, that rewards lie in the range and that first
 * states and terminal states are known. Transitions by the L1 bound of Weissman et al. 2003, rewards by Hoeffding's, half of
 * the probability of failure each, shared among the pairs.
 * @throws DataError for first or terminal states, or steps, that do not fit
 */
export function modelFromSamples(
  samples: TabularSamples,
  known: KnownParts,
  { rewards, confidence }: { readonly rewards: RewardRange; readonly confidence: number },
): BoundedModel {
  checkKnownParts(known);
  const { states, actions, terminal, discount } = known;
  const lambda = theoremLambda(rewards, discount, terminal.includes(1));
  const counts = countSamples(samples, known);
  const model = empiricalModel(counts, known, (rewards.minimum + rewards.maximum) / 2);
  const failure = (1 - confidence) / (2 * states * actions);
  const span = rewards.maximum - rewards.minimum;
  const error = counts.visits.map((draws, row) => {
    if (terminal[Math.floor(row / actions)] === 1) return 0;
    return rewardRadius(draws, span, failure) + lambda * transitionRadius(draws, states, failure);
  });
  const reasons = rewardsOutside(rewards, { "logged steps": samples.rewards });
  return { model, lambda, error, confidence, reasons };
}
