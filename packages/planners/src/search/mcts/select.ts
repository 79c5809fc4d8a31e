import { meanOf, type ReturnRange, type TreeNode } from "./tree.js";

export interface SelectOptions {
  readonly horizon: number;
  /** c of PUCT. */
  readonly exploration: number;
  readonly wideningCoefficient: number;
  readonly wideningExponent: number;
}

/** Where a simulation ended: at a node that gets a new child, or at one that is visited again. */
export interface Descent {
  readonly node: TreeNode;
  readonly widen: boolean;
}

/**
 * Go down from the root by PUCT to a node that may have another child, or where the tree ends; mark the way as underway.
 *
 * Source: AlphaZero (Silver et al. 2018) for PUCT; progressive widening after Couetoux et al. 2011: a node may have
 * ceil(coefficient visits^exponent) children. Simulations underway count as visits that brought the lowest return
 * seen (virtual loss, Chaslot et al. 2008), so that the simulations of a batch spread.
 */
export function descend(root: TreeNode, range: ReturnRange, options: SelectOptions): Descent {
  let node = root;
  node.underway++;
  for (;;) {
    if (node.proposal?.terminated === true || node.depth >= options.horizon) return { node, widen: false };
    const best = mayWiden(node, options) ? undefined : bestChild(node, range, options);
    if (best === undefined) {
      node.awaited++;
      return { node, widen: true };
    }
    node = best;
    node.underway++;
  }
}

function mayWiden(node: TreeNode, { wideningCoefficient, wideningExponent }: SelectOptions): boolean {
  const visits = node.visits + node.underway;
  const children = node.children.length + node.awaited + node.lost;
  return children < Math.ceil(wideningCoefficient * visits ** wideningExponent);
}

function bestChild(node: TreeNode, range: ReturnRange, options: SelectOptions): TreeNode | undefined {
  const priors = priorsOf(node.children);
  const visits = Math.sqrt(node.visits + node.underway);
  let best: TreeNode | undefined;
  let bestScore = -Infinity;
  node.children.forEach((child, i) => {
    const seen = child.visits + child.underway;
    const exploration = (options.exploration * priors[i]! * visits) / (1 + seen);
    const score = pessimisticMean(child, range) + exploration;
    if (score > bestScore) [best, bestScore] = [child, score];
  });
  return best;
}

/** Mean return between 0, the lowest seen, and 1, the highest; simulations underway count as the lowest. */
function pessimisticMean(child: TreeNode, { low, high }: ReturnRange): number {
  const width = high - low;
  const normal = width > 0 ? (meanOf(child) - low) / width : 0;
  const seen = child.visits + child.underway;
  return seen === 0 ? 0 : (normal * child.visits) / seen;
}

/**
 * P_beta among children that were sampled from it: how often each was proposed.
 *
 * Sampling has brought P_beta in already, so weighing by their densities besides would count it twice (Hubert et al.
 * 2021, section 4: of samples from the prior itself, the corrected prior is their empirical distribution).
 */
export function priorsOf(children: readonly TreeNode[]): readonly number[] {
  const total = children.reduce((sum, { proposed }) => sum + proposed, 0);
  return children.map(({ proposed }) => proposed / total);
}
