import { type Dimensions, float32, type Specs, type TensorProgram } from "@lowerbound/core";
import type { OnPolicyOptimiser } from "./optimiser.js";

/** Tensors that {@link valuesProgram} reads. */
export const valuesState = (dimensions: Dimensions, { policy, onPolicy }: OnPolicyOptimiser): Specs => ({
  ...policy.state(dimensions),
  ...onPolicy.value.state(dimensions),
});

/** What an on-policy update must know of transitions before it: values and the acting policy's log-probability, [rows, 1]. */
export function valuesProgram(dimensions: Dimensions, optimiser: OnPolicyOptimiser, rows: number): TensorProgram {
  const { policy, onPolicy } = optimiser;
  return {
    name: "on-policy-values",
    state: valuesState(dimensions, optimiser),
    inputs: {
      observation: float32(rows, dimensions.observation),
      action: float32(rows, dimensions.action),
      nextObservation: float32(rows, dimensions.observation),
    },
    noise: {},
    fn: (tensors) => ({
      values: onPolicy.value.value(tensors.observation!, tensors),
      nextValues: onPolicy.value.value(tensors.nextObservation!, tensors),
      logProbability: policy.logProbability(tensors.observation!, tensors.action!, tensors),
    }),
  };
}
