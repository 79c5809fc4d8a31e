import type { Tensor } from "@tensorflow/tfjs";
import { CapabilityError } from "../errors.js";
import { defineKind } from "../registry/kind.js";
import type { Random } from "../rng/random.js";
import type { Dimensions } from "./dataset.js";
import type { Fittable } from "./fit.js";
import type { HostTensors, NoiseSpec, Params, Specs } from "./tensors.js";

/**
 * Gaussian prediction of each member: meanObservation [members, batch, observation] (of the next observation, not its
 * change), meanReward [members, batch, 1], logVar [members, batch, observation + 1] (reward last).
 */
export interface MemberPrediction {
  readonly meanObservation: Tensor;
  readonly meanReward: Tensor;
  readonly logVar: Tensor;
}

export interface DynamicsStepInputs {
  /** [batch, observation] */
  readonly observation: Tensor;
  /** [batch, action] */
  readonly action: Tensor;
  readonly noise: Params;
  /** What a stateful model carries from step to step; empty for a Markov model. */
  readonly carry: Params;
}

export interface DynamicsStep {
  /** [batch, observation] */
  readonly nextObservation: Tensor;
  /** [batch, 1] */
  readonly reward: Tensor;
  readonly carry: Params;
  /** bool [batch]: the model says that the episode ends with this step; absent for one that leaves it to the termination rule. */
  readonly ended?: Tensor;
  /** Present when the model has the `members` capability. */
  readonly prediction?: MemberPrediction;
  /** int32 [elites]: the members that samples come from; present with `prediction`. */
  readonly elites?: Tensor;
}

export interface DynamicsCapabilities {
  /** Predicts a Gaussian a member. */
  readonly members: boolean;
  /** Gives log-probabilities of transitions. */
  readonly logProbability: boolean;
  /** Gradients flow through `step`. */
  readonly differentiable: boolean;
  /** Carries state from step to step. */
  readonly stateful: boolean;
}

/** A learnt model of the dynamics; all but `fit` are pure functions, usable inside any tensor program. */
export interface DynamicsModel extends Fittable {
  readonly capabilities: DynamicsCapabilities;
  /** Specs of the fitted tensors that `step` and `predict` take as `params`. */
  parameters(fitted: HostTensors): Specs;
  stepNoise(dimensions: Dimensions, batch: number, fitted: HostTensors): NoiseSpec;
  initialCarry(dimensions: Dimensions, batch: number): Specs;
  step(inputs: DynamicsStepInputs, params: Params): DynamicsStep;
  /** Members' predictions without sampling; only with the `members` capability. */
  predict?(inputs: { observation: Tensor; action: Tensor }, params: Params): MemberPrediction;
  /**
   * Rows, of `rows` transitions, that `fit` with the same random stream keeps from every member's training, so that
   * errors can be measured on them later.
   */
  holdout?(rows: number, random: Random): Int32Array;
}

export const DynamicsModel = defineKind<DynamicsModel>()("dynamics", {
  summary: "a learnt model of the dynamics",
  functions: ["fit", "parameters", "stepNoise", "initialCarry", "step"],
});

/** @throws CapabilityError for a model that predicts no Gaussian a member; `reason` comes before what is wrong */
export function requireMembers({ capabilities }: Pick<DynamicsModel, "capabilities">, reason = ""): void {
  if (capabilities.members) return;
  throw new CapabilityError(`${reason}the model predicts no Gaussian a member`, {
    where: "dynamics",
    expected: "a model with the `members` capability, such as `ensemble`",
  });
}
