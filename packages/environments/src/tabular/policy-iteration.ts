import { evaluateTabular } from "./evaluate.js";
import type { TabularMdp, TabularPolicy } from "./mdp.js";
import { greedyPolicy, type TabularOptimum } from "./value-iteration.js";

/** Gains below this share of the values' size are rounding. */
const ROUNDING = 1e-12;

/**
 * The best policy by exact evaluation and improvement in turn (Howard 1960): a few linear solves, however near the
 * discount is to 1.
 *
 * An action is changed only for a gain beyond rounding, so that ties cannot make it run for ever.
 */
export function policyIteration(mdp: TabularMdp): TabularOptimum {
  let policy = greedyPolicy(mdp, mdp.rewards);
  for (;;) {
    const evaluated = evaluateTabular(mdp, policy);
    const next = improved(mdp, policy, evaluated.actionValues);
    if (next === undefined) return { policy, ...evaluated };
    policy = next;
  }
}

function improved(
  { states, actions, terminal }: TabularMdp,
  policy: TabularPolicy,
  q: Float64Array,
): TabularPolicy | undefined {
  const slack = ROUNDING * q.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const next = policy.slice();
  let changed = false;
  for (let s = 0; s < states; s++) {
    if (terminal[s] === 1) continue;
    const row = q.subarray(s * actions, (s + 1) * actions);
    const best = row.indexOf(Math.max(...row));
    const now = policy.subarray(s * actions, (s + 1) * actions).indexOf(1);
    if (row[best]! <= row[now]! + slack) continue;
    next.fill(0, s * actions, (s + 1) * actions);
    next[s * actions + best] = 1;
    changed = true;
  }
  return changed ? next : undefined;
}
