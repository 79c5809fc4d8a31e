import type { Tensor } from "@tensorflow/tfjs";
import { defineKind } from "../registry/kind.js";

/** When an imagined episode ends: a pure function on tensors. */
export interface Termination {
  /** observation, nextObservation [batch, observation], action [batch, action] -> bool [batch]. */
  terminated(inputs: { observation: Tensor; action: Tensor; nextObservation: Tensor }): Tensor;
  /**
   * The rule of one task, for a component that stands for every task (`task`); trainers ask with the dataset's
   * environment, which may be unknown. @throws ConfigError if there is no rule for it.
   */
  for?(environmentId: string | undefined): Termination;
}

export const Termination = defineKind<Termination>()("termination", {
  summary: "when an imagined episode ends",
  default: "task",
  functions: ["terminated"],
});
