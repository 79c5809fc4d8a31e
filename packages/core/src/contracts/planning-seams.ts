import type { Random } from "../rng/random.js";
import type { Matrix } from "./policy.js";

/**
 * How a plan takes the data's probabilities into account: its actions are sampled from P_beta; log P_beta is rewarded or
 * has a floor; the model's uncertainty is paid for; or not at all.
 */
export type Pessimism = "samples" | "log-probability" | "penalty" | "none";

/** Where actions lie: `low` and `high` [action], finite. */
export interface ActionBox {
  readonly actionSize: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Transitions before the present observation, oldest first: observations [steps, observation], actions [steps, action]. */
export interface History {
  readonly observations: Matrix;
  readonly actions: Matrix;
  /** [steps] */
  readonly rewards: Float32Array;
}

/** What a plan starts from. */
export interface PlanningState {
  /** [observation] */
  readonly observation: Float32Array;
  /** At most the model's `contextLength` transitions; absent at the start of an episode. */
  readonly history?: History;
}

export interface SequenceGradients {
  readonly scores: Float32Array;
  /** Of each score by its own actions [population, horizon, action]. */
  readonly gradients: Float32Array;
}

/** What a trajectory optimiser sees of a model: scores of whole action sequences. A non-finite score loses. */
export interface SequenceEvaluator extends ActionBox {
  /** What the scores take into account. */
  readonly pessimism: Pessimism;
  /** [population, horizon, action] -> scores [population]. */
  evaluate(sequences: Float32Array, population: number, horizon: number): Promise<Float32Array>;
  /** Scores with their gradients by the actions, where the model is differentiable. */
  gradient?(sequences: Float32Array, population: number, horizon: number): Promise<SequenceGradients>;
  /** Whether `gradient` gives scores of a relaxation: climb by them, choose by `evaluate`. */
  readonly relaxed?: boolean;
}

/** A continuation by one step. */
export interface Proposal<Node = unknown> {
  /** [action] */
  readonly action: Float32Array;
  /** log P_beta(action | what came before), in nats. */
  readonly logProbability: number;
  readonly reward: number;
  /** Estimated return of all that follows this step; absent where the model has no estimate. */
  readonly value?: number;
  /** The episode ends with this step: nothing follows. */
  readonly terminated?: boolean;
  /** What `expand` and `advance` go on from. */
  readonly node: Node;
}

/** What one of several searches asks at once: `k` sampled continuations of each node, or with `k` 0 one of a given action. */
export interface ProposalCall<Node = unknown> {
  readonly nodes: readonly Node[];
  readonly k: number;
  /** [nodes, action]; empty unless `k` is 0. */
  readonly actions: Float32Array;
  readonly random: Random;
}

/**
 * What a tree or sequence search sees of a model: continuations it proposes.
 *
 * A model may put off sampling the next observation until the node is gone on from: most never are.
 */
export interface ProposalModel<Node = unknown> extends ActionBox {
  /** What rewards and values take into account besides the sampling of actions. */
  readonly pessimism: Pessimism;
  root(state: PlanningState): Node;
  /** `k` continuations of each node, their actions sampled from P_beta: [nodes][k]. */
  expand(nodes: readonly Node[], k: number, random: Random): Promise<readonly (readonly Proposal<Node>[])[]>;
  /** One continuation of each node with a given action, actions [nodes, action]; with the log-probability that it has. */
  advance(nodes: readonly Node[], actions: Float32Array, random: Random): Promise<readonly Proposal<Node>[]>;
  /**
   * Answers calls that all have the same `k` in one go, [calls][nodes][k]: each call is drawn from its own randomness alone,
   * as if it were asked by itself. Left out, calls are answered one after another.
   */
  together?(calls: readonly ProposalCall<Node>[]): Promise<readonly (readonly (readonly Proposal<Node>[])[])[]>;
}

/** Action sequences [population, horizon, action] that start from one state. */
export interface SequenceGroup {
  readonly state: PlanningState;
  readonly sequences: Float32Array;
  readonly population: number;
}

/** Scores sequences from several states at once, one array a group: what evaluators of single plans are made of. */
export interface SequenceScorer {
  readonly pessimism: Pessimism;
  score(groups: readonly SequenceGroup[], horizon: number): Promise<readonly Float32Array[]>;
  gradient?(groups: readonly SequenceGroup[], horizon: number): Promise<readonly SequenceGradients[]>;
  /** Whether `gradient` gives scores of a relaxation, which `score` may differ from. */
  readonly relaxed?: boolean;
}

export interface SeamOptions {
  /** One of those that the model offers. */
  readonly pessimism: Pessimism;
  /** Decides the model's own randomness, once for all that the seam is asked. */
  readonly random: Random;
}
