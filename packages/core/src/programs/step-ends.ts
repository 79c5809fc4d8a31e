import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { DynamicsStep } from "../contracts/dynamics-model.js";
import type { Termination } from "../contracts/termination.js";
import { ConfigError } from "../errors.js";
import type { SteppedFrom } from "./penalty-inputs.js";
import { shaped } from "./shapes.js";

/**
 * Whether episodes end with a model's step, bool [batch]: by the task's rule, or because the model says so.
 *
 * @throws ConfigError for a rule that gives anything but one answer a row, yes or no
 */
export function stepEnds(
  termination: Pick<Termination, "terminated">,
  { observation, action }: SteppedFrom,
  { nextObservation, ended }: Pick<DynamicsStep, "nextObservation" | "ended">,
): Tensor {
  const byRule = shaped(termination.terminated({ observation, action, nextObservation }), {
    where: "termination",
    what: "terminated",
    shape: [observation.shape[0]!],
    meaning: "one answer a row, [batch]",
  });
  if (byRule.dtype !== "bool") {
    throw new ConfigError(`terminated is of ${byRule.dtype}`, {
      where: "termination",
      expected: "bool",
      remedy: "compare in `terminated`: tf.greater(x, limit), not x itself",
    });
  }
  return ended === undefined ? byRule : tf.logicalOr(byRule, ended);
}
