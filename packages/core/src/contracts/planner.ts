import { defineKind } from "../registry/kind.js";
import type { Random } from "../rng/random.js";
import type { TrainContext, Trained } from "./algorithm.js";
import type { Dimensions } from "./dataset.js";
import type { Engine } from "./engine.js";
import type { Matrix } from "./policy.js";
import type { HostTensors } from "./tensors.js";

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

/** What scores of sequences are made of. */
export interface SequenceScoring {
  /** Of rewards, and of the value of what follows. */
  readonly discount: number;
  /** With log-probability: what a nat of log P_beta adds, and the least one of an action that does not lose. */
  readonly logProbabilityCoefficient: number;
  readonly logProbabilityFloor?: number | undefined;
}

/** A model ready to plan in. */
export interface PlanningModel extends ActionBox {
  readonly observationSize: number;
  /** Transitions before the present observation that it reads; 0 for a Markov model. */
  readonly contextLength: number;
  /**
   * How each seam can take probabilities into account, what it does unless told otherwise first; `gradient` as
   * `sequences` where it is left out.
   */
  readonly offers: {
    readonly sequences: readonly Pessimism[];
    readonly gradient?: readonly Pessimism[];
    readonly proposals: readonly Pessimism[];
  };
  /** Why it has no gradients; absent from a model that has them. */
  readonly refusesGradient?: string;
  readonly scoring: SequenceScoring;
  proposals(options: SeamOptions): ProposalModel;
  /** Left out, sequences are scored by continuing proposals with their actions. */
  sequences?(options: SeamOptions): SequenceScorer;
  /** Scores of a relaxation of the sequences with their gradients, where `sequences` has none: of tokens, for instance. */
  relaxed?(options: SeamOptions): NonNullable<SequenceScorer["gradient"]>;
  close(): Promise<void>;
}

export interface OpenPlanningModel {
  readonly dimensions: Dimensions;
  readonly engine: Engine;
  /** What `prepare` handed back. */
  readonly tensors: HostTensors;
}

/** Makes a planning model of the pipeline's fitted parts, of a simulator, or of what it fits by itself. */
export interface PlanningModelSource {
  /** Tensors that planning needs later, copied from fitted parts or fitted here; `planner` says what it will ask for. */
  prepare(context: TrainContext, planner: Pick<Planner, "seam" | "pessimism">): Promise<Trained>;
  open(context: OpenPlanningModel): Promise<PlanningModel>;
}

export const PlanningModelSource = defineKind<PlanningModelSource>()("planning-model", {
  summary: "a model to plan in",
});

export interface Plan {
  /** [horizon, action]; shorter where the episode is expected to end. */
  readonly actions: Matrix;
  /** The model's promise, in whatever it counts. */
  readonly score: number;
  readonly pessimism: Pessimism;
  /** Rewards that the model expects of the plan's steps, where it told. */
  readonly rewards?: Float32Array;
  /** What the planner wants back when it goes on from this plan: elites, a distribution, a tree. */
  readonly memory?: unknown;
  /** Rounds (iterations, steps, simulations) and sequences or continuations that the plan took. */
  readonly effort: { readonly rounds: number; readonly evaluations: number };
  /** Candidates kept along the way, for figures: beams, or the search tree. */
  readonly trace?: unknown;
}

export interface PlanRequest {
  readonly state: PlanningState;
  readonly random: Random;
  /** Present for planners of that seam. */
  readonly sequences?: SequenceEvaluator;
  readonly proposals?: ProposalModel;
  /** An earlier plan, of whose actions `elapsed` have been carried out. */
  readonly warmStart?: { readonly plan: Plan; readonly elapsed: number };
  /** Best plan found when this is over; at least one round is made. */
  readonly budgetMilliseconds?: number;
}

export interface Planner {
  /** Which seam of a model it plans through. */
  readonly seam: "sequences" | "gradient" | "proposals";
  /** How probabilities are to be taken into account; `model`: as the model does unless told otherwise. */
  readonly pessimism: Pessimism | "model";
  /**
   * @throws ConfigError for a request without what the planner's seam needs, or of other sizes
   * @throws NumericalError when no candidate has a finite score
   */
  plan(request: PlanRequest): Promise<Plan>;
}

export const Planner = defineKind<Planner>()("planner", { summary: "finds a plan in a model" });
