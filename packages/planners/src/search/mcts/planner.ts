import { defineComponent, type Plan, Planner, type PlanRequest } from "@lowerbound/core";
import { z } from "zod";
import { horizonOption, logProbabilityShape, searchPessimism } from "../../options.js";
import { proposalsOf, startClock } from "../../request.js";
import { remainingActions } from "../../trajectory/warm-start.js";
import { planOfSteps } from "../plan-of-steps.js";
import { monteCarloTreeSearch } from "./search.js";
import { meanOf, type TreeNode } from "./tree.js";

const count = z.int().positive();
const positive = z.number().positive();

const config = z.object({
  horizon: horizonOption(15),
  simulations: count.default(256).describe("simulations of a plan"),
  leaves: count.default(16).describe("simulations whose leaves the model is asked about together"),
  exploration: positive.default(1.25).describe("c of PUCT; values lie between 0 and 1, by the returns seen"),
  wideningCoefficient: positive.default(2).describe("a node may have this many children times its visits^exponent"),
  wideningExponent: z.number().gt(0).max(1).default(0.5).describe("how fast nodes get more children"),
  discount: z.number().gt(0).max(1).default(0.99).describe("of rewards, and of the value of what follows"),
  leafValue: z
    .enum(["model", "rollout"])
    .default("model")
    .describe("what a new leaf is worth: the model's value, where it has one, or a rollout sampled from P_beta"),
  pessimism: searchPessimism,
  ...logProbabilityShape,
});

/** The search tree, for figures: nodes in the order they were made, each with its parent's index; the root is first. */
export interface TreeTrace {
  readonly kind: "tree";
  readonly nodes: readonly {
    readonly parent: number;
    readonly action: readonly number[];
    readonly visits: number;
    readonly mean: number;
  }[];
}

/** Planner `mcts`. */
export const mcts = defineComponent({
  kind: Planner,
  type: "mcts",
  summary: "Monte-Carlo tree search: PUCT with P_beta as prior, progressive widening, batched leaves",
  documentation:
    "Children are sampled from P_beta; how often each was drawn is the prior, which is P_beta corrected for the sampling, " +
    "as weighing by densities besides would count it twice. Values are measured between the lowest and highest return " +
    "seen (MuZero, Schrittwieser et al. 2020). A good action that P_beta thinks unlikely is found late: raise " +
    "wideningCoefficient or simulations. One sampled outcome an action: in a model that is far from deterministic, values lean towards lucky outcomes. The plan follows the most " +
    "visited children. Takes probabilities into account by sampling and prior; log-probability adds a bonus or a floor, " +
    "none draws actions evenly with an even prior. Source: AlphaZero (Silver et al. 2018); progressive widening " +
    "(Couetoux et al. 2011); virtual loss (Chaslot et al. 2008); sampled actions (Hubert et al. 2021).",
  config,
  create: (options): Planner => ({
    seam: "proposals",
    pessimism: options.pessimism,
    discount: options.discount,
    plan: (request) => planTree(request, options),
  }),
});

async function planTree(request: PlanRequest, options: z.output<typeof config>): Promise<Plan> {
  const model = proposalsOf(request, options.horizon);
  const pessimism = options.pessimism === "model" ? model.pessimism : options.pessimism;
  const expired = startClock(request.budgetMilliseconds);
  const first = nextAction(request, model.actionSize);
  const search = { ...options, pessimism };
  const found = await monteCarloTreeSearch(model, request.state, search, request.random, { first, expired });
  const steps = mostVisited(found.root);
  const proposals = steps.flatMap(({ proposal }) => proposal ?? []);
  return {
    ...planOfSteps(proposals, model.actionSize),
    score: meanOf(steps[0] ?? found.root),
    pessimism,
    effort: { rounds: found.simulations, evaluations: found.evaluations },
    trace: traceOf(found.root),
  };
}

function nextAction({ warmStart }: PlanRequest, actionSize: number): Float32Array | undefined {
  const rest = warmStart === undefined ? undefined : remainingActions(warmStart.plan, warmStart.elapsed);
  return rest === undefined || rest.length < actionSize ? undefined : rest.slice(0, actionSize);
}

/** From the root's most visited child on; of equally visited ones that of higher mean. */
function mostVisited(root: TreeNode): readonly TreeNode[] {
  const steps: TreeNode[] = [];
  for (let node = root; node.children.length > 0; ) {
    node = node.children.reduce((best, child) =>
      child.visits > best.visits || (child.visits === best.visits && meanOf(child) > meanOf(best)) ? child : best,
    );
    steps.push(node);
  }
  return steps;
}

function traceOf(root: TreeNode): TreeTrace {
  const nodes: TreeTrace["nodes"][number][] = [];
  const visit = (node: TreeNode, parent: number): void => {
    const index = nodes.length;
    nodes.push({ parent, action: [...(node.proposal?.action ?? [])], visits: node.visits, mean: meanOf(node) });
    for (const child of node.children) visit(child, index);
  };
  visit(root, -1);
  return { kind: "tree", nodes };
}
