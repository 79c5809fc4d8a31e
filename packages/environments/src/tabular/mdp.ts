import { DataError } from "@lowerbound/core";

/** A finite Markov decision process; arrays are row-major. */
export interface TabularMdp {
  readonly states: number;
  readonly actions: number;
  /** Probability of the next state, [state, action, state]. */
  readonly transitions: Float64Array;
  /** Expected reward, [state, action]. */
  readonly rewards: Float64Array;
  /** Probability of the first state, [state]. */
  readonly initial: Float64Array;
  /** 1 where an episode ends on arrival, [state]; the value of such a state is 0. */
  readonly terminal: Uint8Array;
  /** In [0, 1). */
  readonly discount: number;
}

/** A stochastic policy: probability of each action, [state, action]. */
export type TabularPolicy = Float64Array;

/** Rounding that sums of probabilities may carry. */
const SLACK = 1e-9;

/** Check sizes, probabilities and discount. @throws DataError naming the first entry that is wrong */
export function checkMdp(mdp: TabularMdp): TabularMdp {
  const { states, actions, transitions, rewards } = mdp;
  checkSize("transitions", transitions.length, states * actions * states);
  checkSize("rewards", rewards.length, states * actions);
  checkKnownParts(mdp);
  const bad = rewards.findIndex((reward) => !Number.isFinite(reward));
  if (bad >= 0)
    throw new DataError(`reward is ${rewards[bad]}`, { where: `rewards[${bad}]`, expected: "finite numbers" });
  checkDistributions("transitions", transitions, states);
  return mdp;
}

/** Check what can be known of a process without its dynamics: first and terminal states, discount. @throws DataError */
export function checkKnownParts({
  states,
  initial,
  terminal,
  discount,
}: Pick<TabularMdp, "states" | "initial" | "terminal" | "discount">): void {
  checkSize("initial", initial.length, states);
  checkSize("terminal", terminal.length, states);
  if (!(discount >= 0 && discount < 1))
    throw new DataError(`discount is ${discount}`, { expected: "a number of [0, 1)" });
  checkDistributions("initial", initial, states);
}

/** Check that a policy fits a process. @throws DataError */
export function checkPolicy({ states, actions }: TabularMdp, policy: TabularPolicy): void {
  checkSize("policy", policy.length, states * actions);
  checkDistributions("policy", policy, actions);
}

function checkSize(where: string, got: number, expected: number): void {
  if (got !== expected) throw new DataError(`${got} entries`, { where, expected: `${expected} entries` });
}

function checkDistributions(where: string, values: Float64Array, width: number): void {
  for (let row = 0; row * width < values.length; row++) {
    const entries = values.subarray(row * width, (row + 1) * width);
    const sum = entries.reduce((total, value) => total + value, 0);
    if (entries.every((value) => value >= 0) && Math.abs(sum - 1) <= SLACK) continue;
    throw new DataError(`row ${row} is no distribution, its sum is ${sum}`, {
      where,
      expected: "probabilities that sum to 1",
    });
  }
}
