import {
  NumericalError,
  type Pessimism,
  type PlanningState,
  type Proposal,
  type ProposalModel,
  type Random,
} from "@lowerbound/core";
import { type Continue, continuationsOf, type LogProbabilityOptions, logProbabilityTerm } from "../continuations.js";
import { rollOut } from "./roll-out.js";
import { type Descent, descend, type SelectOptions } from "./select.js";
import { abandon, attach, backUp, childOf, detach, newRoot, type ReturnRange, type TreeNode } from "./tree.js";

export interface MctsOptions extends SelectOptions, LogProbabilityOptions {
  readonly simulations: number;
  /** Leaves that the model is asked about together. */
  readonly leaves: number;
  readonly discount: number;
  readonly leafValue: "model" | "rollout";
  readonly pessimism: Pessimism;
}

export interface MctsResult {
  readonly root: TreeNode;
  readonly simulations: number;
  readonly evaluations: number;
}

/** Continuations of the root that may fail before the search gives up. */
const PATIENCE = 32;
/** Continuations of another step that may fail before the search goes back on it. */
const DEAD_END = 8;

/** The search's dealings with its model, counted. */
interface Asking {
  readonly model: ProposalModel;
  readonly go: Continue;
  readonly random: Random;
  readonly options: MctsOptions;
  count: number;
}

/**
 * Monte-Carlo tree search over proposals: one sampled outcome an action, returns averaged up the tree.
 *
 * `first` is an action to try at the root before all others, such as the next one of the plan before.
 * @throws NumericalError when no continuation of the root has a finite score
 */
export async function monteCarloTreeSearch(
  model: ProposalModel,
  state: PlanningState,
  options: MctsOptions,
  random: Random,
  {
    first,
    expired = () => false,
  }: { readonly first?: Float32Array | undefined; readonly expired?: () => boolean } = {},
): Promise<MctsResult> {
  const asking: Asking = { model, go: continuationsOf(model, options.pessimism), random, options, count: 0 };
  const root = newRoot(model.root(state));
  const range: ReturnRange = { low: Infinity, high: -Infinity };
  let simulations = 0;
  if (first !== undefined) {
    root.underway++;
    root.awaited++;
    simulations += await widen([root], await model.advance([root.modelNode], first, random), asking, range);
  }
  while (simulations < options.simulations) {
    const size = Math.min(options.leaves, options.simulations - simulations);
    const descents = Array.from({ length: size }, () => descend(root, range, options));
    simulations += await settle(descents, asking, range);
    if (root.children.length === 0 && root.lost < PATIENCE) continue;
    checkRoot(root, options);
    if (expired()) break;
  }
  checkRoot(root, options);
  return { root, simulations, evaluations: asking.count };
}

/**
 * Visit again where the tree ends, and ask the model for the new children of all others at once.
 *
 * @returns simulations that are through: one that was proposed an action known already is to descend anew
 */
async function settle(descents: readonly Descent[], asking: Asking, range: ReturnRange): Promise<number> {
  for (const { node, widen: wider } of descents) if (!wider) backUp(node, asking.options.discount, range);
  const parents = descents.filter(({ widen: wider }) => wider).map(({ node }) => node);
  if (parents.length === 0) return descents.length;
  const nodes = parents.map(({ modelNode }) => modelNode);
  const proposals = (await asking.go(nodes, 1, asking.random)).map(([proposal]) => proposal);
  return descents.length - parents.length + (await widen(parents, proposals, asking, range));
}

async function widen(
  parents: readonly TreeNode[],
  proposals: readonly (Proposal | undefined)[],
  asking: Asking,
  range: ReturnRange,
): Promise<number> {
  const { options } = asking;
  asking.count += proposals.filter((proposal) => proposal !== undefined).length;
  const fresh = parents.map((parent, i) => (repeats(parent, proposals[i]) ? undefined : proposals[i]));
  const follows = await leafReturns(parents, fresh, asking);
  let through = 0;
  parents.forEach((parent, i) => {
    parent.awaited--;
    const known = repeats(parent, proposals[i]);
    const gained = fresh[i] === undefined ? Number.NaN : gainedBy(fresh[i], options);
    if (known === undefined) through++;
    if (known !== undefined || !Number.isFinite(gained + follows[i]!)) {
      if (known !== undefined) known.proposed++;
      parent.lost++;
      abandon(parent);
      return;
    }
    backUp(attach(parent, { proposal: fresh[i]!, gained, follows: follows[i]! }), options.discount, range);
  });
  for (const parent of new Set(parents)) leaveDeadEnd(parent, options.discount);
  return through;
}

/** Take out a step that nothing follows, and those before it that led nowhere else. */
function leaveDeadEnd(node: TreeNode, discount: number): void {
  for (let last = node; last.parent !== undefined && last.children.length === 0 && last.lost >= DEAD_END; ) {
    detach(last, discount);
    last = last.parent;
  }
}

/** The child that has the proposed action already, if there is one. */
const repeats = (parent: TreeNode, proposal: Proposal | undefined): TreeNode | undefined =>
  proposal === undefined ? undefined : childOf(parent, proposal.action);

const gainedBy = ({ reward, logProbability }: Proposal, options: MctsOptions): number =>
  reward + logProbabilityTerm(logProbability, options.pessimism, options);

/** What follows each new step, discounted to it: the model's value, or what a rollout by P_beta gains. */
async function leafReturns(
  parents: readonly TreeNode[],
  proposals: readonly (Proposal | undefined)[],
  asking: Asking,
): Promise<readonly number[]> {
  const { horizon, discount, leafValue } = asking.options;
  const returns = proposals.map((proposal) =>
    proposal === undefined || proposal.terminated === true ? 0 : discount * (proposal.value ?? 0),
  );
  const rolled = proposals.flatMap((proposal, i) => {
    const ends = proposal === undefined || proposal.terminated === true || parents[i]!.depth + 1 >= horizon;
    if (ends || (leafValue === "model" && proposal.value !== undefined)) return [];
    return [{ index: i, node: proposal.node, steps: horizon - parents[i]!.depth - 1 }];
  });
  const { gained, evaluations } = await rollOut(rolled, asking.go, asking.random, {
    discount,
    gainedBy: (proposal) => gainedBy(proposal, asking.options),
  });
  asking.count += evaluations;
  rolled.forEach(({ index }, i) => {
    returns[index] = discount * gained[i]!;
  });
  return returns;
}

/** @throws NumericalError when none of the root's continuations had a finite score */
function checkRoot({ children, lost }: TreeNode, { pessimism, logProbabilityFloor: floor }: MctsOptions): void {
  if (children.length > 0) return;
  const reason =
    pessimism === "log-probability" && floor !== undefined ? ` at or above the floor of ${floor} nats` : "";
  throw new NumericalError(`none of ${lost} candidates has a finite score${reason}`, {
    where: "plan",
    remedy: "check the model's tensors, its training loss, the observation, and the floor where there is one",
  });
}
