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
import { abandon, attach, backUp, childOf, newRoot, type ReturnRange, type TreeNode } from "./tree.js";

export interface MctsOptions extends Omit<SelectOptions, "prior">, LogProbabilityOptions {
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
  const select: SelectOptions = { ...options, prior: options.pessimism === "none" ? "even" : "probabilities" };
  let simulations = 0;
  if (first !== undefined) {
    root.underway++;
    root.awaited++;
    await widen([root], await model.advance([root.modelNode], first, random), asking, range);
    simulations++;
  }
  while (simulations < options.simulations) {
    const size = Math.min(options.leaves, options.simulations - simulations);
    const descents = Array.from({ length: size }, () => descend(root, range, select));
    await settle(descents, asking, range);
    simulations += size;
    if (root.children.length === 0 && root.lost < PATIENCE) continue;
    checkRoot(root, options);
    if (expired()) break;
  }
  checkRoot(root, options);
  return { root, simulations, evaluations: asking.count };
}

/** Visit again where the tree ends, and ask the model for the new children of all others at once. */
async function settle(descents: readonly Descent[], asking: Asking, range: ReturnRange): Promise<void> {
  for (const { node, widen: wider } of descents) if (!wider) backUp(node, asking.options.discount, range);
  const parents = descents.filter(({ widen: wider }) => wider).map(({ node }) => node);
  if (parents.length === 0) return;
  const nodes = parents.map(({ modelNode }) => modelNode);
  const proposals = (await asking.go(nodes, 1, asking.random)).map(([proposal]) => proposal);
  await widen(parents, proposals, asking, range);
}

async function widen(
  parents: readonly TreeNode[],
  proposals: readonly (Proposal | undefined)[],
  asking: Asking,
  range: ReturnRange,
): Promise<void> {
  const { options } = asking;
  const present = proposals.filter((proposal) => proposal !== undefined);
  asking.count += present.length;
  const follows = await leafReturns(parents, proposals, asking);
  parents.forEach((parent, i) => {
    parent.awaited--;
    const proposal = proposals[i];
    const gained = proposal === undefined ? Number.NaN : gainedBy(proposal, options);
    if (proposal === undefined || !Number.isFinite(gained + follows[i]!)) {
      parent.lost++;
      abandon(parent);
      return;
    }
    const known = childOf(parent, proposal.action);
    if (known === undefined) {
      backUp(attach(parent, { proposal, gained, follows: follows[i]! }), options.discount, range);
      return;
    }
    // Another sample of an action that is there already: one more visit of its child.
    parent.lost++;
    known.underway++;
    backUp(known, options.discount, range, gained + follows[i]!);
  });
}

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
