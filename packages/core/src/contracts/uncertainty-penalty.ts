import type { Tensor } from "@tensorflow/tfjs";
import { defineKind } from "../registry/kind.js";
import type { Checking } from "./check.js";
import type { Dimensions } from "./dataset.js";
import { type DynamicsModel, type MemberPrediction, requireMembers } from "./dynamics-model.js";
import type { FitContext, Fitted } from "./fit.js";
import type { NoiseSpec, Params } from "./tensors.js";

/** What a penalty can look at. The first group is always there, the second on request. */
export interface PenaltyInputs extends MemberPrediction {
  /** [batch, observation] */
  readonly observation: Tensor;
  /** [batch, action] */
  readonly action: Tensor;
  /** The sampled next observation [batch, observation] and reward [batch, 1]. */
  readonly sampleObservation: Tensor;
  readonly sampleReward: Tensor;
  /** int32 [elites]: the members that samples come from. */
  readonly elites: Tensor;

  /** With `requests: ["critic"]`: Q of (observation, action) pairs -> [critics, batch, 1]. */
  readonly critic?: (observation: Tensor, action: Tensor) => Tensor;
  /** With `requests: ["policy"]`: the policy's action -> [batch, action]. */
  readonly policy?: (observation: Tensor) => Tensor;
  /** With `noise`: the penalty's own random numbers. */
  readonly noise?: Params;
}

/** An uncertainty penalty u(s, a) >= 0: a pure function on tensors, with a fit phase if it needs one. */
export interface UncertaintyPenalty extends Checking {
  /** Unit of u, e.g. "state" (of the observation's entries) or "nats"; stated in docs and reports. */
  readonly unit?: string;
  /** Whether reward dimensions are among what u looks at. */
  readonly seesReward?: boolean;
  /** False for a u that looks at no member's prediction: it works with models that have no members, too. */
  readonly seesMembers?: boolean;
  /** `reward` (default): u lowers the reward of a rollout; `target`: it lowers the Bellman target of an update. */
  readonly appliesTo?: "reward" | "target";
  readonly requests?: readonly ("critic" | "policy")[];
  /** Random numbers of one evaluation; what `penalise` gets as `inputs.noise`. */
  noise?(batch: number, dimensions: Dimensions): NoiseSpec;
  fit?(context: FitContext): Promise<Fitted>;
  /** With `fit`: share of episodes that no fit phase may learn from. */
  readonly holdsOut?: number;
  /** inputs -> u [batch]. */
  penalise(inputs: PenaltyInputs, params: Params): Tensor;
}

/** @throws CapabilityError for a penalty that looks at members' predictions, and a model without members */
export function checkSeesMembers(
  { seesMembers = true }: Pick<UncertaintyPenalty, "seesMembers">,
  dynamics: Pick<DynamicsModel, "capabilities">,
): void {
  if (seesMembers) requireMembers(dynamics, "the penalty looks at members' predictions, and ");
}

export const UncertaintyPenalty = defineKind<UncertaintyPenalty>()("penalty", {
  summary: "an estimate u(s, a) of the model's error",
  functions: ["penalise"],
});
