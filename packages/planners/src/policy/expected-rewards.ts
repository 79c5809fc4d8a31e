import type { Matrix, PlanningModel, PlanningState, Random } from "@lowerbound/core";

/**
 * Rewards that a model expects of actions [steps, action] from a state, one sampled course, nothing of the data's
 * probabilities taken off; shorter where the episode is expected to end.
 */
export async function expectedRewards(
  model: PlanningModel,
  state: PlanningState,
  { rows, columns, data }: Matrix,
  random: Random,
): Promise<readonly number[]> {
  const proposals = model.proposals({ pessimism: "none", random });
  const rewards: number[] = [];
  let node = proposals.root(state);
  for (let step = 0; step < rows; step++) {
    const action = data.slice(step * columns, (step + 1) * columns);
    const [proposal] = await proposals.advance([node], action, random);
    if (proposal === undefined) break;
    rewards.push(proposal.reward);
    if (proposal.terminated === true) break;
    node = proposal.node;
  }
  return rewards;
}
