import { checkPolicy, type TabularMdp, type TabularPolicy } from "./mdp.js";
import { solveLinear } from "./solve-linear.js";

/** Exact values of a policy. */
export interface TabularValues {
  /** [state] */
  readonly values: Float64Array;
  /** [state, action] */
  readonly actionValues: Float64Array;
  /** Expected discounted return from the initial distribution. */
  readonly expectedReturn: number;
}

/** Solve the Bellman equation of a policy, (I - discount P) v = r. @throws DataError if the policy does not fit */
export function evaluateTabular(mdp: TabularMdp, policy: TabularPolicy): TabularValues {
  checkPolicy(mdp, policy);
  const { states, actions, transitions, rewards, terminal, discount } = mdp;
  const matrix = new Float64Array(states * states);
  const right = new Float64Array(states);
  for (let s = 0; s < states; s++) {
    matrix[s * states + s] = 1;
    if (terminal[s] === 1) continue;
    for (let a = 0; a < actions; a++) {
      const probability = policy[s * actions + a]!;
      right[s]! += probability * rewards[s * actions + a]!;
      const row = (s * actions + a) * states;
      for (let next = 0; next < states; next++) {
        matrix[s * states + next]! -= discount * probability * transitions[row + next]!;
      }
    }
  }
  const values = solveLinear(matrix, right);
  return { values, actionValues: actionValues(mdp, values), expectedReturn: dot(mdp.initial, values) };
}

/** Reward and discounted value of the next state, [state, action]; 0 in terminal states. */
export function actionValues(mdp: TabularMdp, values: Float64Array): Float64Array {
  const { states, actions, transitions, rewards, terminal, discount } = mdp;
  return rewards.map((reward, row) => {
    if (terminal[Math.floor(row / actions)] === 1) return 0;
    return reward + discount * dot(transitions.subarray(row * states, (row + 1) * states), values);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
