import {
  CapabilityError,
  checkSeesMembers,
  type Dimensions,
  type DynamicsModel,
  type HostTensors,
  type Optimiser,
  scoped,
  type Termination,
  type TrainContext,
  type UncertaintyPenalty,
  type UpdateHooks,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { asOnPolicy, checkOnPolicyHooks } from "../on-policy/optimiser.js";
import { realRows } from "../replay/sample.js";
import type { DynaOptions } from "./options.js";

/** An imagined transition inside a rollout; rewards, terminations and penalties are [batch, 1]. */
export interface ModelTransition {
  readonly observation: Tensor;
  readonly action: Tensor;
  readonly nextObservation: Tensor;
  readonly reward: Tensor;
  /** 1 at terminal states. */
  readonly termination: Tensor;
  /** Present when the trainer was given a penalty that applies to the reward. */
  readonly penalty: Tensor | undefined;
}

/** What an algorithm changes: the transitions that a rollout stores, and the optimiser's update. */
export interface DynaHooks extends UpdateHooks {
  /** MOPO lowers the reward, MOReL ends the episode; pure, compiled into the rollout. */
  readonly reshapeTransition?: (transition: ModelTransition) => Pick<ModelTransition, "reward" | "termination">;
  /** What a unit of a penalty that applies to the target lowers Bellman targets of model rows by. */
  readonly targetPenaltyCoefficient?: number;
}

/** The parts that a Dyna-style trainer wires together. */
export interface DynaParts {
  readonly dynamics: DynamicsModel;
  readonly penalty: UncertaintyPenalty | undefined;
  readonly termination: Termination;
  readonly optimiser: Optimiser;
  readonly hooks: DynaHooks;
  /** Tensors that take the place of the optimiser's fresh ones, such as a cloned policy's. */
  readonly start?: HostTensors;
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

/** Tensors that rollouts and penalised updates read and that no checkpoint needs: they were fitted before. */
export const fittedState = ({ dynamicsTensors, penaltyTensors }: RolloutParts): HostTensors => ({
  ...scoped("dynamics", dynamicsTensors),
  ...scoped("penalty", penaltyTensors),
});

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

/**
 * What can be known of a training before anything is fitted.
 *
 * @throws CapabilityError naming the first part that the trainer cannot work with, and why; ConfigError for a `realRatio`
 * without a row
 */
export function checkParts(
  { dynamics, penalty, optimiser, hooks }: DynaParts,
  { batchSize, realRatio }: Pick<DynaOptions, "batchSize" | "realRatio">,
): void {
  if (dynamics.capabilities.stateful) {
    throw new CapabilityError("the model carries state from step to step", {
      where: "dynamics",
      expected: "a Markov model: rollouts start in the middle of episodes",
    });
  }
  if (optimiser.data === "on-policy") {
    asOnPolicy(optimiser);
    checkOnPolicyHooks(hooks);
  } else {
    realRows(batchSize, realRatio);
  }
  if (penalty !== undefined) checkPenalty(penalty, { dynamics, optimiser, hooks });
}

type Beside = Pick<DynaParts, "dynamics" | "optimiser" | "hooks">;

function checkPenalty(penalty: UncertaintyPenalty, { dynamics, optimiser, hooks }: Beside): void {
  checkSeesMembers(penalty, dynamics);
  if (penalty.appliesTo === "target" && hooks.targetPenaltyCoefficient === undefined) {
    throw new CapabilityError("the penalty lowers the Bellman target, and this algorithm has no use for that", {
      where: "penalty",
      expected: 'a penalty that applies to "reward"; `bellman-inconsistency` has an option `appliesTo`',
    });
  }
  if (penalty.appliesTo === "target" && optimiser.data === "on-policy") {
    throw new CapabilityError("the penalty lowers the Bellman target, and the optimiser learns from fresh rollouts", {
      where: "penalty",
      expected: "an optimiser that learns from stored transitions, such as `sac`",
    });
  }
  if (penalty.requests?.includes("critic") && optimiser.critic === undefined) {
    throw new CapabilityError("the penalty asks for a critic, and the optimiser has none", {
      where: "optimiser",
      expected: "one that hands out its `critic`, such as `sac`, or a penalty that asks for none",
    });
  }
}
