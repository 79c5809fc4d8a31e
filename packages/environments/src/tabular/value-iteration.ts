import { actionValues, evaluateTabular, type TabularValues } from "./evaluate.js";
import type { TabularMdp, TabularPolicy } from "./mdp.js";

/** The best policy, and its exact values. */
export interface TabularOptimum extends TabularValues {
  /** Deterministic: one action of each state has probability 1; the first of equals. */
  readonly policy: TabularPolicy;
}

/**
 * Value iteration until the greedy policy loses at most `tolerance`, then that policy's values exactly.
 *
 * The stopping rule is the usual one: a largest change below tolerance (1 - discount) / (2 discount).
 */
export function valueIteration(mdp: TabularMdp, tolerance = 1e-10): TabularOptimum {
  const { states, actions, discount } = mdp;
  const enough = discount === 0 ? Infinity : (tolerance * (1 - discount)) / (2 * discount);
  let values = new Float64Array(states);
  for (;;) {
    const q = actionValues(mdp, values);
    const next = values.map((_, s) => Math.max(...q.subarray(s * actions, (s + 1) * actions)));
    const change = next.reduce((largest, value, s) => Math.max(largest, Math.abs(value - values[s]!)), 0);
    // Rounding bounds how small a change can get.
    const rounding = 4 * Number.EPSILON * next.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    values = next;
    if (change <= Math.max(enough, rounding)) break;
  }
  const policy = greedyPolicy(mdp, actionValues(mdp, values));
  return { policy, ...evaluateTabular(mdp, policy) };
}

/** The policy that takes the best action of each state, the first of equals. */
export function greedyPolicy({ states, actions }: TabularMdp, q: Float64Array): TabularPolicy {
  const policy = new Float64Array(states * actions);
  for (let s = 0; s < states; s++) {
    const row = q.subarray(s * actions, (s + 1) * actions);
    policy[s * actions + row.indexOf(Math.max(...row))] = 1;
  }
  return policy;
}
