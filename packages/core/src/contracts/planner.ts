import { defineKind } from "../registry/kind.js";
import type { Random } from "../rng/random.js";
import type { Matrix } from "./policy.js";

/** What a trajectory optimiser sees of a model: scores of whole action sequences. A non-finite score loses. */
export interface SequenceEvaluator {
  readonly actionSize: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** [population, horizon, action] -> scores [population]. */
  evaluate(sequences: Float32Array, population: number, horizon: number): Promise<Float32Array>;
  /** Scores with their gradients by the actions, where the model is differentiable. */
  gradient?(
    sequences: Float32Array,
    population: number,
    horizon: number,
  ): Promise<{ scores: Float32Array; gradients: Float32Array }>;
}

export interface Proposal {
  readonly action: Float32Array;
  readonly logProbability: number;
  readonly reward: number;
  readonly node: unknown;
}

/** What a tree or sequence search sees of a model: continuations it proposes. */
export interface ProposalModel {
  root(observation: Float32Array): unknown;
  expand(nodes: readonly unknown[], k: number, random: Random): Promise<readonly (readonly Proposal[])[]>;
}

export interface Plan {
  /** [horizon, action] */
  readonly actions: Matrix;
  readonly score: number;
  /** How the plan took the data's probabilities into account. */
  readonly pessimism: "samples" | "log-probability" | "penalty" | "none";
}

export interface PlanRequest {
  readonly observation: Float32Array;
  readonly random: Random;
  readonly sequences?: SequenceEvaluator;
  readonly proposals?: ProposalModel;
  readonly warmStart?: Plan;
  /** Best plan found when this is over. */
  readonly budgetMilliseconds?: number;
}

export interface Planner {
  /** Which seam of a model it plans through. */
  readonly seam: "sequences" | "gradient" | "proposals";
  plan(request: PlanRequest): Promise<Plan>;
}

export const Planner = defineKind<Planner>()("planner", { summary: "finds a plan in a model" });
