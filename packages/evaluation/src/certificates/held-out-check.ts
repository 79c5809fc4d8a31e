import type { TabularMdp } from "@lowerbound/environments";
import { surplus } from "./binomial.js";
import { type RewardRange, totalVariation } from "./bound.js";
import { rewardRadius, transitionRadius } from "./concentration.js";
import { empiricalModel, type TabularCounts } from "./empirical-model.js";
import { roundingOf } from "./rounding.js";

/** How far "u is at least the error" was seen to hold on steps that the model was not made of. */
export interface ErrorCheck {
  /**
   * `failed`: some pair's error is above its u, with the stated confidence; `not seen to fail`, which is no proof: every
   * pair could be checked and none failed; `partly checked`: none failed, and some could not be checked; `too few steps`:
   * none could be, of the steps that there are; `not checked`: there are none.
   */
  readonly verdict: "failed" | "not seen to fail" | "partly checked" | "too few steps" | "not checked";
  /** Pairs seen to fail, or with steps enough to be sure to tell an error of three times their claim. */
  readonly checked: number;
  /** Pairs with too few for that: their claims may be too small, and nobody would see. */
  readonly unchecked: readonly UncheckedPair[];
  /** Pairs whose error is above u, with the stated confidence for all of them together. */
  readonly violations: readonly { readonly state: number; readonly action: number; readonly excess: number }[];
  readonly confidence: number;
}

/** A pair with too few held-out steps, and how many. */
export interface UncheckedPair {
  readonly state: number;
  readonly action: number;
  readonly steps: number;
}

interface CheckJob {
  readonly model: TabularMdp;
  /** Claimed bound of |reward error| + lambda TV, in units of reward, [state, action]. */
  readonly error: Float64Array;
  /** The claims that it is the sum of, where both were made: each is checked for itself. */
  readonly parts?: ErrorParts;
  readonly lambda: number;
  readonly rewards: RewardRange;
  readonly heldOut: TabularCounts;
  readonly confidence: number;
}

/** Claimed total variation, and size of the reward's error, [state, action] each. */
export interface ErrorParts {
  readonly transitions: Float64Array;
  readonly rewards: Float64Array;
}

/**
 * Compare claimed errors with held-out steps: a pair fails where its error, less what chance can explain, is above its claim.
 *
 * Three tests of every pair share the probability of a wrong verdict: Hoeffding's of the reward, Weissman's of the distance
 * between model and held-out frequencies, and of each next state the exact binomial test of the model's probability and
 * the claimed total variation together. The last speaks at few steps: one is enough where both are 0.
 */
export function checkErrors(job: CheckJob): ErrorCheck {
  const { model, error, lambda, heldOut, confidence } = job;
  const seen = empiricalModel(heldOut, model, 0);
  const compared = livePairs(model).map(({ row, ...pair }) => {
    const radius = radiiOf(job, row);
    const steps = heldOut.visits[row]!;
    const excess = steps === 0 ? 0 : excessOf(job, seen, row);
    const checked = excess > 0 || radius.reward + lambda * radius.transition <= error[row]!;
    return { pair, steps, excess, checked };
  });
  const violations = compared.filter(({ excess }) => excess > 0).map(({ pair, excess }) => ({ ...pair, excess }));
  const unchecked = compared.filter(({ checked }) => !checked).map(({ pair, steps }) => ({ ...pair, steps }));
  const checked = compared.length - unchecked.length;
  const verdict = verdictOf(violations.length, checked, unchecked.length);
  return { verdict, checked, unchecked, violations, confidence };
}

/** Without held-out steps. */
export const notChecked = (model: TabularMdp): ErrorCheck => ({
  verdict: "not checked",
  checked: 0,
  unchecked: livePairs(model).map(({ state, action }) => ({ state, action, steps: 0 })),
  violations: [],
  confidence: 0,
});

/** Pairs that steps can be taken at: those of states that are not terminal. */
function livePairs({ states, actions, terminal }: TabularMdp) {
  const pairs = Array.from({ length: states * actions }, (_, row) => {
    return { row, state: Math.floor(row / actions), action: row % actions };
  });
  return pairs.filter(({ state }) => terminal[state] !== 1);
}

/** Probability of a wrong verdict of one test of one pair. */
const failureOf = ({ model, confidence }: CheckJob): number => (1 - confidence) / (3 * model.states * model.actions);

function radiiOf(job: CheckJob, row: number) {
  const { model, rewards, heldOut } = job;
  const [draws, failure] = [heldOut.visits[row]!, failureOf(job)];
  return {
    reward: rewardRadius(draws, rewards.maximum - rewards.minimum, failure),
    transition: transitionRadius(draws, model.states, failure),
  };
}

/** How far a pair's error lies above its claim at least, in units of reward; rounding explains what chance does not. */
function excessOf(job: CheckJob, seen: TabularMdp, row: number): number {
  const { model, error, parts, lambda, rewards } = job;
  const { states } = model;
  const radius = radiiOf(job, row);
  const [said, came] = [model.rewards[row]!, seen.rewards[row]!];
  const rounded = roundingOf(said, came, rewards.minimum, rewards.maximum);
  const paid = Math.max(0, Math.abs(said - came) - radius.reward - rounded);
  const entries = ({ transitions }: TabularMdp) => transitions.subarray(row * states, (row + 1) * states);
  const [distance] = totalVariation(entries(model), entries(seen), states);
  const moved = Math.max(distance! - radius.transition - roundingOf(), largestSurplus(job, row));
  if (parts === undefined) return paid + lambda * moved - error[row]!;
  return Math.max(paid - parts.rewards[row]!, lambda * (moved - parts.transitions[row]!));
}

/** What the total variation of a pair is at least, as no outcome's probability is further from the model's than that. */
function largestSurplus(job: CheckJob, row: number): number {
  const { model, heldOut } = job;
  const { states, transitions } = model;
  const failure = failureOf(job) / states;
  const each = Array.from({ length: states }, (_, next) => {
    const count = heldOut.next[row * states + next]!;
    return surplus(transitions[row * states + next]!, { count, draws: heldOut.visits[row]!, failure });
  });
  return Math.max(...each);
}

function verdictOf(violations: number, checked: number, unchecked: number): ErrorCheck["verdict"] {
  if (violations > 0) return "failed";
  if (unchecked === 0) return "not seen to fail";
  return checked > 0 ? "partly checked" : "too few steps";
}
