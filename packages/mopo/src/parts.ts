import type { DynaParts } from "@lowerbound/actor-critic";
import {
  CapabilityError,
  type HostTensors,
  type Random,
  type TrainContext,
  type UncertaintyPenalty,
} from "@lowerbound/core";
import type { FittedPenalty } from "@lowerbound/evaluation";

/** Parts with the penalty that `auto` measures, whatever a candidate's coefficient. */
export type PenalisedParts = DynaParts & { readonly penalty: UncertaintyPenalty };

/** @throws CapabilityError if the optimiser does not say by what it discounts. */
export function discountOf({ optimiser }: PenalisedParts): number {
  if (optimiser.discount !== undefined) return optimiser.discount;
  throw new CapabilityError("the optimiser does not say its discount", {
    where: "optimiser",
    expected: "one with a `discount`: candidates are compared by discounted returns",
    remedy: "set algorithm.penaltyCoefficient to a number",
  });
}

/** The penalty with its fit and, where it asks for them, a candidate's policy and critic. */
export function penaltyOf(
  { fitted }: Pick<TrainContext, "fitted">,
  { penalty, optimiser }: PenalisedParts,
  trained?: HostTensors,
): FittedPenalty {
  const tensors = penalty.fit === undefined ? {} : fitted("penalty").tensors;
  const { policy, critic } = optimiser;
  return { penalty, tensors, learner: trained === undefined ? undefined : { policy, critic, tensors: trained } };
}

/** A seed of one's own for parts that take a number. */
export const seedOf = (random: Random, name: string): number =>
  random.stream(name).integers(new Int32Array(1), 2 ** 31 - 1)[0]!;
