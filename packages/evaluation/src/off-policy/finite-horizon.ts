import { checkPolicy, type TabularMdp, type TabularPolicy } from "@lowerbound/environments";

/** Exact values of a policy when episodes are cut after `steps` steps: [state], and from the first states. */
export interface FiniteHorizonValues {
  readonly values: Float64Array;
  readonly expectedReturn: number;
}

/** Backward induction; unlike the endless values it allows a discount of 1. @throws DataError if the policy does not fit */
export function evaluateWithin(mdp: TabularMdp, policy: TabularPolicy, steps: number): FiniteHorizonValues {
  checkPolicy(mdp, policy);
  let values = new Float64Array(mdp.states);
  for (let step = 0; step < steps; step++) values = backup(mdp, policy, values);
  return { values, expectedReturn: mdp.initial.reduce((sum, p, s) => sum + p * values[s]!, 0) };
}

function backup(mdp: TabularMdp, policy: TabularPolicy, values: Float64Array): Float64Array<ArrayBuffer> {
  const { states, actions, transitions, rewards, terminal, discount } = mdp;
  const next = new Float64Array(states);
  for (let s = 0; s < states; s++) {
    if (terminal[s] === 1) continue;
    for (let a = 0; a < actions; a++) {
      const row = s * actions + a;
      let later = 0;
      for (let to = 0; to < states; to++) later += transitions[row * states + to]! * values[to]!;
      next[s]! += policy[row]! * (rewards[row]! + discount * later);
    }
  }
  return next;
}
