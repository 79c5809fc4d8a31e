import { defineKind } from "../registry/kind.js";
import type { Dimensions } from "./dataset.js";
import type { Matrix, Policy } from "./policy.js";

export interface EvaluationResult {
  readonly environmentId: string;
  /** Undiscounted return of each episode, and its length. */
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly mean: number;
  readonly std: number;
  /** 100 (return - random) / (expert - random), where references exist. */
  readonly normalisedScore?: number;
  /** Environment steps taken: "offline" training that looks at its environment says how often. */
  readonly environmentSteps: number;
}

/** Where an evaluation's episodes start, and after how many steps they are cut. */
export interface EvaluationStarts {
  /** First observations [episodes, observation]. */
  readonly observations: Matrix;
  readonly timeLimit: number;
}

/** Measures a policy in an environment: explicit, counted, recorded. */
export interface Evaluator {
  /** Updates between evaluations during training; 0: only after it. */
  readonly every: number;
  /** Refuse data that do not fit the environment, before anything is trained. @throws DataError */
  check?(dimensions: Dimensions): Promise<void>;
  /** Measure a policy; a signal that aborts stops it between steps. @throws the signal's reason */
  evaluate(policy: Policy, seed: number, signal?: AbortSignal): Promise<EvaluationResult>;
  /** The starts of `evaluate` with the same seed, so that a model can be asked for the return from them. */
  starts?(seed: number): Promise<EvaluationStarts>;
  close(): Promise<void>;
}

export const Evaluator = defineKind<Evaluator>()("evaluation", {
  summary: "measures a policy in an environment; absent unless asked for",
});
