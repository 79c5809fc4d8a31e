import {
  CapabilityError,
  type Dimensions,
  type DynamicsModel,
  type HostTensors,
  type Optimiser,
  type Termination,
  type TrainContext,
  type UncertaintyPenalty,
  type UpdateHooks,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";

/** An imagined transition inside a rollout; rewards, terminations and penalties are [batch, 1]. */
export interface ModelTransition {
  readonly observation: Tensor;
  readonly action: Tensor;
  readonly nextObservation: Tensor;
  readonly reward: Tensor;
  /** 1 at terminal states. */
  readonly termination: Tensor;
  /** Present when the trainer was given a penalty. */
  readonly penalty: Tensor | undefined;
}

/** What an algorithm changes: the transitions that a rollout stores, and the optimiser's update. */
export interface DynaHooks extends UpdateHooks {
  /** MOPO lowers the reward, MOReL ends the episode; pure, compiled into the rollout. */
  readonly reshapeTransition?: (transition: ModelTransition) => Pick<ModelTransition, "reward" | "termination">;
}

/** The parts that a Dyna-style trainer wires together. */
export interface DynaParts {
  readonly dynamics: DynamicsModel;
  readonly penalty: UncertaintyPenalty | undefined;
  readonly termination: Termination;
  readonly optimiser: Optimiser;
  readonly hooks: DynaHooks;
}

/** What a rollout program is built from. */
export interface RolloutParts extends Pick<DynaParts, "dynamics" | "penalty" | "termination"> {
  readonly dimensions: Dimensions;
  readonly optimiser: Pick<Optimiser, "policy" | "critic">;
  readonly hooks: Pick<DynaHooks, "reshapeTransition">;
  /** Fitted tensors of the dynamics model and of the penalty. */
  readonly dynamicsTensors: HostTensors;
  readonly penaltyTensors: HostTensors;
}

/** The parts with what was fitted, and the termination rule of the dataset's task. */
export async function rolloutPartsOf(
  { dataset, fitted }: Pick<TrainContext, "dataset" | "fitted">,
  { dynamics, penalty, termination, optimiser, hooks }: DynaParts,
): Promise<RolloutParts> {
  const { observation, action, environmentId } = await dataset.info();
  return {
    dynamics,
    penalty,
    optimiser,
    hooks,
    dimensions: { observation, action },
    termination: termination.for?.(environmentId) ?? termination,
    dynamicsTensors: fitted("dynamics").tensors,
    penaltyTensors: penalty?.fit === undefined ? {} : fitted("penalty").tensors,
  };
}

/** @throws CapabilityError naming the first part that the trainer cannot work with, and why. */
export function checkParts({ dynamics, penalty, optimiser }: DynaParts): void {
  if (dynamics.capabilities.stateful) {
    throw new CapabilityError("the model carries state from step to step", {
      where: "dynamics",
      expected: "a Markov model: rollouts start in the middle of episodes",
    });
  }
  if (optimiser.data !== "replay") {
    throw new CapabilityError("the optimiser learns from fresh rollouts", {
      where: "optimiser",
      expected: "one that learns from stored transitions",
    });
  }
  if (penalty !== undefined) checkPenalty(penalty, dynamics, optimiser);
}

function checkPenalty(penalty: UncertaintyPenalty, dynamics: DynamicsModel, optimiser: Optimiser): void {
  if (!dynamics.capabilities.members) {
    throw new CapabilityError("the penalty compares members, and the model predicts no Gaussian a member", {
      where: "dynamics",
      expected: "a model with the `members` capability, such as `ensemble`",
    });
  }
  if (penalty.appliesTo === "target") {
    throw new CapabilityError("the penalty lowers the Bellman target, and this trainer lowers the reward", {
      where: "penalty",
      expected: 'a penalty that applies to "reward"',
    });
  }
  if (penalty.requests?.includes("critic") && optimiser.critic === undefined) {
    throw new CapabilityError("the penalty asks for a critic, and the optimiser has none", { where: "optimiser" });
  }
}
