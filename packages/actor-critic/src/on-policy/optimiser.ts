import {
  CapabilityError,
  type OnPolicyParts,
  type Optimiser,
  type PolicyFunction,
  type UpdateHooks,
} from "@lowerbound/core";

/** An optimiser that has all that learning from fresh rollouts needs. */
export interface OnPolicyOptimiser extends Optimiser {
  readonly onPolicy: OnPolicyParts;
  readonly discount: number;
  readonly policy: PolicyFunction & Required<Pick<PolicyFunction, "logProbability">>;
}

/** @throws CapabilityError naming what the optimiser lacks. */
export function asOnPolicy(optimiser: Optimiser): OnPolicyOptimiser {
  const { onPolicy, discount, policy } = optimiser;
  const { logProbability } = policy;
  if (onPolicy === undefined || discount === undefined || logProbability === undefined) {
    throw new CapabilityError("the optimiser learns from fresh rollouts, and lacks something for it", {
      where: "optimiser",
      expected: "values, a discount and a policy with log-probability",
    });
  }
  return { ...optimiser, onPolicy, discount, policy: { ...policy, logProbability } };
}

/** @throws CapabilityError for a hook that changes the update of critics, which an on-policy optimiser has not. */
export function checkOnPolicyHooks({ criticRegulariser, targetPenalty, backup }: UpdateHooks): void {
  if (criticRegulariser === undefined && targetPenalty === undefined && backup === undefined) return;
  throw new CapabilityError("the algorithm changes the critics' update, and the optimiser has no critics", {
    where: "optimiser",
    expected: "one that learns from stored transitions, such as `sac`",
  });
}
