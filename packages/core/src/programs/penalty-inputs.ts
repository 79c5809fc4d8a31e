import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { DynamicsStep, MemberPrediction } from "../contracts/dynamics-model.js";
import type { CriticFunction, PolicyFunction } from "../contracts/optimiser.js";
import type { Params } from "../contracts/tensors.js";
import type { PenaltyInputs } from "../contracts/uncertainty-penalty.js";

/** Pairs [batch, observation], [batch, action] that a model stepped from. */
export interface SteppedFrom {
  readonly observation: Tensor;
  readonly action: Tensor;
}

/**
 * What a penalty sees of a model's step, its sample included.
 *
 * A model without members stands as one member that predicts NaN, so that a penalty which looks at it all the same is
 * found out.
 */
export function penaltyInputs({ observation, action }: SteppedFrom, step: DynamicsStep, noise: Params): PenaltyInputs {
  const { nextObservation, reward, prediction = nobody(step), elites = tf.tensor1d([0], "int32") } = step;
  const sample = { sampleObservation: nextObservation, sampleReward: reward };
  return { ...prediction, ...sample, observation, action, elites, noise };
}

function nobody({ nextObservation, reward }: DynamicsStep): MemberPrediction {
  const [batch, width] = nextObservation.shape as [number, number];
  return {
    meanObservation: tf.fill([1, batch, width], Number.NaN),
    meanReward: tf.fill([1, ...reward.shape], Number.NaN),
    logVar: tf.fill([1, batch, width + 1], Number.NaN),
  };
}

/** A policy and its critic, reading `tensors`, as penalties ask for them. */
export function learnerInputs(
  { policy, critic }: { readonly policy: PolicyFunction; readonly critic?: CriticFunction | undefined },
  tensors: Params,
): Pick<PenaltyInputs, "critic" | "policy"> {
  return {
    policy: (observation) => policy.act(observation, tensors, undefined),
    ...(critic === undefined
      ? {}
      : { critic: (observation: Tensor, action: Tensor) => critic.value(observation, action, tensors) }),
  };
}
