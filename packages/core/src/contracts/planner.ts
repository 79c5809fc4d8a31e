import { defineKind } from "../registry/kind.js";
import type { Random } from "../rng/random.js";
import type { TrainContext, Trained } from "./algorithm.js";
import type { Dimensions } from "./dataset.js";
import type { Engine } from "./engine.js";
import type {
  ActionBox,
  Pessimism,
  PlanningState,
  ProposalModel,
  SeamOptions,
  SequenceEvaluator,
  SequenceScorer,
} from "./planning-seams.js";
import type { Matrix } from "./policy.js";
import type { HostTensors } from "./tensors.js";

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
  prepare(context: TrainContext, planner: Pick<Planner, "seam" | "pessimism" | "discount">): Promise<Trained>;
  open(context: OpenPlanningModel): Promise<PlanningModel>;
}

export const PlanningModelSource = defineKind<PlanningModelSource>()("planning-model", {
  summary: "a model to plan in",
  functions: ["prepare", "open"],
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
  /** Of rewards, and of the value of what follows, where the planner counts them itself; left out by those that are given scores. */
  readonly discount?: number;
  /**
   * @throws ConfigError for a request without what the planner's seam needs, or of other sizes
   * @throws NumericalError when no candidate has a finite score
   */
  plan(request: PlanRequest): Promise<Plan>;
}

export const Planner = defineKind<Planner>()("planner", { summary: "finds a plan in a model", functions: ["plan"] });
