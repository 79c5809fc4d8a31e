import type { Tensor } from "@tensorflow/tfjs";
import type { DynamicsStep } from "../contracts/dynamics-model.js";
import type { CriticFunction, PolicyFunction } from "../contracts/optimiser.js";
import type { Params } from "../contracts/tensors.js";
import type { PenaltyInputs } from "../contracts/uncertainty-penalty.js";

/** Pairs [batch, observation], [batch, action] that a model stepped from. */
export interface SteppedFrom {
  readonly observation: Tensor;
  readonly action: Tensor;
}

/** What a penalty sees of a model's step, its sample included; undefined for a model without Gaussian members. */
export function penaltyInputs(
  { observation, action }: SteppedFrom,
  { prediction, elites, nextObservation, reward }: DynamicsStep,
  noise: Params,
): PenaltyInputs | undefined {
  if (prediction === undefined || elites === undefined) return undefined;
  const sample = { sampleObservation: nextObservation, sampleReward: reward };
  return { ...prediction, ...sample, observation, action, elites, noise };
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
