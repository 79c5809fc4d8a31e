import type { TabularMdp } from "@lowerbound/environments";
import { type RewardRange, totalVariation } from "./bound.js";
import { rewardRadius, transitionRadius } from "./concentration.js";
import { empiricalModel, type TabularCounts } from "./empirical-model.js";

/** How far "u is at least the error" was seen to hold on steps that the model was not made of. */
export interface ErrorCheck {
  /**
   * `failed`: some pair's error is above its u, with the stated confidence; `not seen to fail`, which is no proof: every
   * pair could be checked and none failed; `partly checked`: none failed, and some could not be checked.
   */
  readonly verdict: "failed" | "not seen to fail" | "partly checked" | "not checked";
  /** Pairs seen to fail, or with steps enough to be sure to tell an error of three times their claim. */
  readonly checked: number;
  /** Pairs with too few for that: their claims may be too small, and nobody would see. */
  readonly unchecked: number;
  /** Pairs whose error is above u, with the stated confidence for all of them together. */
  readonly violations: readonly { readonly state: number; readonly action: number; readonly excess: number }[];
  readonly confidence: number;
}

interface CheckJob {
  readonly model: TabularMdp;
  /** Claimed bound of |reward error| + lambda TV, in units of reward, [state, action]. */
  readonly error: Float64Array;
  readonly lambda: number;
  readonly rewards: RewardRange;
  readonly heldOut: TabularCounts;
  readonly confidence: number;
}

/**
 * Compare claimed errors with held-out steps: a pair fails where the distance between model and held-out frequencies,
 * less what chance can explain, is above its claim.
 */
export function checkErrors({ model, error, lambda, rewards, heldOut, confidence }: CheckJob): ErrorCheck {
  const { states, actions } = model;
  const failure = (1 - confidence) / (2 * states * actions);
  const seen = empiricalModel(heldOut, model, 0);
  const distance = totalVariation(model.transitions, seen.transitions, states);
  const span = rewards.maximum - rewards.minimum;
  const ended = (row: number) => model.terminal[Math.floor(row / actions)] === 1;
  const resolution = error.map((_, row) => {
    const draws = heldOut.visits[row]!;
    return rewardRadius(draws, span, failure) + lambda * transitionRadius(draws, states, failure);
  });
  const excess = error.map((claimed, row) => {
    const draws = heldOut.visits[row]!;
    if (draws === 0 || ended(row)) return -Infinity;
    const moved = Math.max(0, distance[row]! - transitionRadius(draws, states, failure));
    const paid = Math.abs(model.rewards[row]! - seen.rewards[row]!) - rewardRadius(draws, span, failure);
    return Math.max(0, paid) + lambda * moved - claimed;
  });
  const rows = [...excess.keys()].filter((row) => !ended(row));
  const violations = rows
    .filter((row) => excess[row]! > 0)
    .map((row) => ({ state: Math.floor(row / actions), action: row % actions, excess: excess[row]! }));
  const checked = rows.filter((row) => excess[row]! > 0 || resolution[row]! <= error[row]!).length;
  const unchecked = rows.length - checked;
  return { verdict: verdictOf(violations.length, checked, unchecked), checked, unchecked, violations, confidence };
}

function verdictOf(violations: number, checked: number, unchecked: number): ErrorCheck["verdict"] {
  if (violations > 0) return "failed";
  if (unchecked === 0) return "not seen to fail";
  return checked > 0 ? "partly checked" : "not checked";
}
