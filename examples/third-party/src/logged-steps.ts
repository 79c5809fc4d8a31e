import { actionBox, type HostTensor, type Pessimism, type Proposal, type ProposalModel } from "@lowerbound/core";
import { continueEach, evenActions } from "@lowerbound/planners";

/** Logged steps: observations before and after [count, observation], actions [count, action], rewards [count]. */
export type LoggedSteps = Readonly<Record<"before" | "actions" | "rewards" | "after", HostTensor>>;

/** Continuations as the nearest logged step says, with actions drawn evenly from [-1, 1]; `lambda` is the price of distance. */
export function likeLogged(
  logged: LoggedSteps,
  { pessimism, lambda }: { readonly pessimism: Pessimism; readonly lambda: number },
): ProposalModel<Float32Array> {
  const box = actionBox(logged.actions.shape[1]!, 1);
  const advance = async (nodes: readonly Float32Array[], actions: Float32Array) =>
    nodes.map((node, n) => {
      const action = actions.slice(n * box.actionSize, (n + 1) * box.actionSize);
      return likeNearest(logged, node, action, pessimism === "penalty" ? lambda : 0);
    });
  return {
    ...box,
    pessimism,
    root: ({ observation }) => observation,
    expand: (nodes, k, random) =>
      continueEach(nodes, k, (repeated) => advance(repeated, evenActions(box, repeated.length, random))),
    advance,
  };
}

function likeNearest(
  { before, actions, rewards, after }: LoggedSteps,
  observation: Float32Array,
  action: Float32Array,
  lambda: number,
): Proposal<Float32Array> {
  let [nearest, least] = [0, Infinity];
  for (let row = 0; row < rewards.data.length; row++) {
    const distance = squared(before.data, row, observation) + squared(actions.data, row, action);
    if (distance < least) [nearest, least] = [row, distance];
  }
  const at = nearest * observation.length;
  const node = observation.map((x, i) => x + after.data[at + i]! - before.data[at + i]!);
  const reward = rewards.data[nearest]! - lambda * Math.sqrt(least);
  return { action, logProbability: -action.length * Math.log(2), reward, node };
}

/** Asked for each logged step at each step of each plan, so a plain loop. */
function squared(rows: HostTensor["data"], row: number, query: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) sum += (query[i]! - rows[row * query.length + i]!) ** 2;
  return sum;
}
