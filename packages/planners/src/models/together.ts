import type { Proposal, ProposalCall, ProposalModel } from "@lowerbound/core";

/** Answers to calls that all have the same `k`, [calls][nodes][k]; in one go where the model can, else one by one. */
export async function askTogether(
  model: ProposalModel,
  calls: readonly ProposalCall[],
): Promise<readonly (readonly (readonly Proposal[])[])[]> {
  if (calls.length > 1 && model.together !== undefined) return model.together(calls);
  const answers: (readonly (readonly Proposal[])[])[] = [];
  for (const { nodes, k, actions, random } of calls) {
    const advanced = async () => (await model.advance(nodes, actions, random)).map((proposal) => [proposal]);
    answers.push(k > 0 ? await model.expand(nodes, k, random) : await advanced());
  }
  return answers;
}
