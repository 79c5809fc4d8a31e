// A task by hand whose good plans a poor budget does not find: each step has a target of its own, on the box's other side.
import type { PlanRequest, Proposal, ProposalModel, SequenceEvaluator } from "@lowerbound/core";

const box = { actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) };

/** Of four steps, and again from the start; the plan that meets them scores 0. */
export const targets = Float32Array.of(0.875, -0.875, 0.875, -0.875);
const loss = (action: number, step: number): number => (action - targets[step % targets.length]!) ** 2;

/** Minus the squared distance of each step's action from its target. */
export const scoreOf = (actions: ArrayLike<number>): number =>
  -Array.from(actions, loss).reduce((sum, each) => sum + each, 0);

const sequences: SequenceEvaluator = {
  ...box,
  pessimism: "none",
  evaluate: async (given, population, horizon) => {
    const row = (i: number) => given.subarray(i * horizon, (i + 1) * horizon);
    return Float32Array.from({ length: population }, (_, i) => scoreOf(row(i)));
  },
  gradient: async (given, population, horizon) => ({
    scores: await sequences.evaluate(given, population, horizon),
    gradients: given.map((action, i) => -2 * (action - targets[i % horizon]!)),
  }),
};

/**
 * The same step by step, by a P_beta that keeps to the middle half of the box; what follows loses nothing. A node is the
 * number of steps taken.
 */
const proposals: ProposalModel<number> = {
  ...box,
  pessimism: "samples",
  root: () => 0,
  expand: async (nodes, k, random) => {
    const repeated = nodes.flatMap((node) => Array.from({ length: k }, () => node));
    const actions = random.uniform(new Float32Array(repeated.length)).map((unit) => unit - 0.5);
    const flat = await proposals.advance(repeated, actions, random);
    return nodes.map((_, n) => flat.slice(n * k, (n + 1) * k));
  },
  advance: async (nodes, actions) =>
    nodes.map((node, i): Proposal<number> => {
      const action = actions.slice(i, i + 1);
      return { action, logProbability: 0, reward: -loss(action[0]!, node), value: 0, node: node + 1 };
    }),
};

export const task = {
  state: { observation: Float32Array.of(0) },
  sequences,
  proposals,
} satisfies Partial<PlanRequest>;
