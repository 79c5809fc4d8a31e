import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { DynamicsStep } from "../contracts/dynamics-model.js";
import type { Termination } from "../contracts/termination.js";
import type { SteppedFrom } from "./penalty-inputs.js";

/** Whether episodes end with a model's step, bool [batch]: by the task's rule, or because the model says so. */
export function stepEnds(
  termination: Pick<Termination, "terminated">,
  { observation, action }: SteppedFrom,
  { nextObservation, ended }: Pick<DynamicsStep, "nextObservation" | "ended">,
): Tensor {
  const byRule = termination.terminated({ observation, action, nextObservation });
  return ended === undefined ? byRule : tf.logicalOr(byRule, ended);
}
