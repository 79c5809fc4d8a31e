import type { Tensor } from "@tensorflow/tfjs";
import type { Params } from "../contracts/tensors.js";
import type { PenaltyInputs, UncertaintyPenalty } from "../contracts/uncertainty-penalty.js";
import { shaped } from "./shapes.js";

/**
 * u(s, a) of a penalty, [batch].
 *
 * @throws ConfigError for a penalty that gives anything but one number a row
 */
export function uncertainty(
  penalty: Pick<UncertaintyPenalty, "penalise">,
  inputs: PenaltyInputs,
  params: Params,
): Tensor {
  return shaped(penalty.penalise(inputs, params), {
    where: "penalty",
    what: "u",
    shape: [inputs.observation.shape[0]!],
    meaning: "one number a row, [batch]",
    remedy: "reduce over members (axis 0) and over entries (the last axis) in `penalise`, without keeping dimensions",
  });
}
