import { checkPolicy, type TabularMdp, type TabularPolicy } from "./mdp.js";
import { solveLinear } from "./solve-linear.js";

/**
 * Expected discounted number of visits of each pair, [state, action]; not normalised.
 *
 * Solves (I - discount P') d = initial. Nothing is counted from a terminal state on, so that the sum is 1 / (1 - discount)
 * only where no state is terminal.
 * @throws DataError if the policy does not fit
 */
export function discountedOccupancy(mdp: TabularMdp, policy: TabularPolicy): Float64Array {
  checkPolicy(mdp, policy);
  const { states, actions, transitions, initial, terminal, discount } = mdp;
  const matrix = new Float64Array(states * states);
  for (let s = 0; s < states; s++) {
    matrix[s * states + s]! += 1;
    if (terminal[s] === 1) continue;
    for (let a = 0; a < actions; a++) {
      const row = s * actions + a;
      for (let next = 0; next < states; next++) {
        matrix[next * states + s]! -= discount * policy[row]! * transitions[row * states + next]!;
      }
    }
  }
  const visits = solveLinear(matrix, initial.slice());
  return policy.map((probability, row) => {
    const state = Math.floor(row / actions);
    return terminal[state] === 1 ? 0 : probability * visits[state]!;
  });
}
