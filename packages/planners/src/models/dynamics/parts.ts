import {
  CapabilityError,
  checkSeesMembers,
  type Dimensions,
  type DynamicsModel,
  type HostTensors,
  type NoiseEntry,
  type NoiseSpec,
  type SequenceScoring,
  type Specs,
  scoped,
  specsOf,
  type Termination,
  type UncertaintyPenalty,
} from "@lowerbound/core";

/** What rollouts of action sequences are built from. */
export interface DynamicsParts {
  readonly dimensions: Dimensions;
  readonly dynamics: DynamicsModel;
  readonly dynamicsTensors: HostTensors;
  readonly penalty: UncertaintyPenalty | undefined;
  readonly penaltyTensors: HostTensors;
  /** Lambda of r - lambda u(s, a). */
  readonly penaltyCoefficient: number;
  readonly termination: Termination;
  readonly scoring: SequenceScoring;
  /** Rollouts whose mean a sequence's score is. */
  readonly particles: number;
}

/** @throws CapabilityError naming the part that plans cannot be made with, and why */
export function checkParts({ dynamics, penalty }: Pick<DynamicsParts, "dynamics" | "penalty">): void {
  if (dynamics.capabilities.stateful) {
    throw new CapabilityError("the model carries state from step to step", {
      where: "dynamics",
      expected: "a Markov model: plans start in the middle of episodes",
    });
  }
  if (penalty === undefined) return;
  checkSeesMembers(penalty, dynamics);
  if (penalty.requests !== undefined && penalty.requests.length > 0) {
    throw new CapabilityError(`the penalty asks for a ${penalty.requests.join(" and a ")}, and a plan has none`, {
      where: "penalty",
      expected: "a penalty that looks at the model alone",
    });
  }
}

/** The tensors of model and penalty, as programs name them. */
export const partTensors = ({ dynamicsTensors, penaltyTensors }: DynamicsParts): HostTensors => ({
  ...scoped("dynamics", dynamicsTensors),
  ...scoped("penalty", penaltyTensors),
});

export const partSpecs = ({ dynamics, dynamicsTensors, penaltyTensors }: DynamicsParts): Specs => ({
  ...scoped("dynamics", dynamics.parameters(dynamicsTensors)),
  ...scoped("penalty", specsOf(penaltyTensors)),
});

/** Random numbers of one step for a batch. */
export const stepNoise = (
  { dynamics, dimensions, dynamicsTensors, penalty }: DynamicsParts,
  batch: number,
): NoiseSpec => ({
  ...scoped("dynamics", dynamics.stepNoise(dimensions, batch, dynamicsTensors)),
  ...scoped("penalty", penalty?.noise?.(batch, dimensions) ?? {}),
});

/** The axis along which each entry of a step's noise grows with the batch; -1 for one that does not. */
export function batchAxes(parts: DynamicsParts): Readonly<Record<string, number>> {
  const [two, three] = [stepNoise(parts, 2), stepNoise(parts, 3)];
  const axisOf = (name: string, { shape }: NoiseEntry): number =>
    shape.findIndex((size, axis) => size !== three[name]?.shape[axis]);
  return Object.fromEntries(Object.entries(two).map(([name, entry]) => [name, axisOf(name, entry)]));
}
