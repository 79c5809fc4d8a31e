import {
  CapabilityError,
  type CriticFunction,
  type Dimensions,
  type DynamicsStep,
  type HostTensors,
  learnerInputs,
  type NoiseSpec,
  type Params,
  type PolicyFunction,
  penaltyInputs,
  type Specs,
  type SteppedFrom,
  scoped,
  specsOf,
  type UncertaintyPenalty,
  uncertainty,
  unscoped,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";

/** A trained policy and its values, for penalties that ask for them. */
export interface PenaltyLearner {
  readonly policy: PolicyFunction;
  readonly critic?: CriticFunction | undefined;
  /** The optimiser's tensors; may hold more than the two read. */
  readonly tensors: HostTensors;
}

/** A penalty with what its fit left behind. */
export interface FittedPenalty {
  readonly penalty: UncertaintyPenalty;
  readonly tensors: HostTensors;
  /** What a penalty that requests a critic or a policy is given. */
  readonly learner?: PenaltyLearner | undefined;
}

/** What a program that evaluates a penalty needs: `penalty/` holds its fit and noise, `learner/` policy and critic. */
export interface PenaltyProgramParts {
  readonly specs: Specs;
  readonly state: HostTensors;
  readonly noise: (batch: number) => NoiseSpec;
}

/** @throws CapabilityError for a penalty that requests what no learner gives */
export function penaltyParts(
  { penalty, tensors, learner }: FittedPenalty,
  dimensions: Dimensions,
): PenaltyProgramParts {
  const requests = penalty.requests ?? [];
  const missing = requests.filter((asked) => learner === undefined || (asked === "critic" && !learner.critic));
  if (missing.length > 0) {
    throw new CapabilityError(`the penalty looks at the trainer's ${missing.join(" and ")}`, {
      expected: "a run whose optimiser learnt them, or a penalty that looks at the model alone",
    });
  }
  const asked: Specs = {
    ...(requests.includes("policy") || requests.includes("critic") ? learner?.policy.state(dimensions) : {}),
    ...(requests.includes("critic") ? learner?.critic?.state(dimensions) : {}),
  };
  const own = Object.fromEntries(Object.keys(asked).map((name) => [name, learner!.tensors[name]!]));
  return {
    specs: { ...scoped("penalty", specsOf(tensors)), ...scoped("learner", asked) },
    state: { ...scoped("penalty", tensors), ...scoped("learner", own) },
    noise: (batch) => scoped("penalty", penalty.noise?.(batch, dimensions) ?? {}),
  };
}

/** u [batch] of a model's step, inside a program that holds {@link penaltyParts}. */
export function penaliseStep(
  { penalty, learner }: FittedPenalty,
  at: SteppedFrom,
  stepped: DynamicsStep,
  given: Params,
): Tensor {
  const own = unscoped("penalty", given);
  const values = learner === undefined ? {} : learnerInputs(learner, unscoped("learner", given));
  return uncertainty(penalty, { ...penaltyInputs(at, stepped, own), ...values }, own);
}
