import type { Proposal } from "@lowerbound/core";

/** A step of the search tree; the root has no proposal. */
export interface TreeNode {
  readonly parent: TreeNode | undefined;
  readonly proposal: Proposal | undefined;
  /** What the model goes on from. */
  readonly modelNode: unknown;
  readonly depth: number;
  readonly children: TreeNode[];
  /** Reward of the step that led here, and what log-probability added. */
  readonly gained: number;
  /** Estimate of the discounted return of what follows, when the node was new. */
  readonly follows: number;
  visits: number;
  /** Sum over visits of the return from the step that led here. */
  total: number;
  /** Simulations on their way through, and children asked for that have not come. */
  underway: number;
  awaited: number;
  /** Continuations that brought no new child: without a finite score, or with the action of a child there is. */
  lost: number;
  /** Times that the model proposed this step. */
  proposed: number;
}

export interface NewNode {
  readonly proposal: Proposal;
  readonly gained: number;
  readonly follows: number;
}

export const newRoot = (modelNode: unknown): TreeNode => ({
  ...{ parent: undefined, proposal: undefined, modelNode, depth: 0, children: [], gained: 0, follows: 0 },
  ...{ visits: 0, total: 0, underway: 0, awaited: 0, lost: 0, proposed: 0 },
});

export function attach(parent: TreeNode, { proposal, gained, follows }: NewNode): TreeNode {
  const child: TreeNode = {
    ...{ parent, proposal, modelNode: proposal.node, depth: parent.depth + 1, children: [], gained, follows },
    ...{ visits: 0, total: 0, underway: 1, awaited: 0, lost: 0, proposed: 1 },
  };
  parent.children.push(child);
  return child;
}

export const meanOf = ({ total, visits }: TreeNode): number => (visits === 0 ? 0 : total / visits);

/** Smallest and largest return seen, which PUCT measures values by. */
export interface ReturnRange {
  low: number;
  high: number;
}

/** The child that an action has led to, if there is one. */
export const childOf = ({ children }: TreeNode, action: Float32Array): TreeNode | undefined =>
  children.find(({ proposal }) => proposal !== undefined && action.every((value, a) => value === proposal.action[a]));

/** Count a simulation that ended in `leaf` at every node on its way, and widen the range. */
export function backUp(leaf: TreeNode, discount: number, range: ReturnRange): void {
  let value = leaf.gained + leaf.follows;
  for (let node = leaf; ; ) {
    node.visits++;
    node.underway--;
    node.total += value;
    if (node.parent === undefined) return;
    range.low = Math.min(range.low, value);
    range.high = Math.max(range.high, value);
    node = node.parent;
    value = node.gained + discount * value;
  }
}

/** Take a simulation back that led to nothing. */
export function abandon(from: TreeNode): void {
  for (let node: TreeNode | undefined = from; node !== undefined; node = node.parent) node.underway--;
}

/** Take a childless step out of the tree, with its visits and what they brought; its parent counts it as lost. */
export function detach(node: TreeNode, discount: number): void {
  if (node.parent === undefined) return;
  node.parent.children.splice(node.parent.children.indexOf(node), 1);
  node.parent.lost++;
  let { total } = node;
  for (let above: TreeNode | undefined = node.parent; above !== undefined; above = above.parent) {
    above.visits -= node.visits;
    total = above.gained * node.visits + discount * total;
    above.total -= total;
  }
}
