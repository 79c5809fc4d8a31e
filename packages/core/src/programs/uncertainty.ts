import type { Tensor } from "@tensorflow/tfjs";
import type { Params } from "../contracts/tensors.js";
import type { PenaltyInputs, UncertaintyPenalty } from "../contracts/uncertainty-penalty.js";
import { ConfigError } from "../errors.js";
import { shaped } from "./shapes.js";

/**
 * u(s, a) of a penalty, [batch].
 *
 * @throws ConfigError for a penalty that gives anything but one number a row, or looks at what it did not request
 */
export function uncertainty(
  penalty: Pick<UncertaintyPenalty, "penalise" | "requests">,
  inputs: PenaltyInputs,
  params: Params,
): Tensor {
  return shaped(penalty.penalise({ ...inputs, ...unrequested(penalty) }, params), {
    where: "penalty",
    what: "u",
    shape: [inputs.observation.shape[0]!],
    meaning: "one number a row, [batch]",
    remedy: "reduce over members (axis 0) and over entries (the last axis) in `penalise`, without keeping dimensions",
  });
}

/** In place of what has not been asked for: its tensors are in no program. */
const unrequested = ({ requests = [] }: Pick<UncertaintyPenalty, "requests">): Partial<PenaltyInputs> =>
  Object.fromEntries(
    (["critic", "policy"] as const)
      .filter((name) => !requests.includes(name))
      .map((name) => [
        name,
        () => {
          throw new ConfigError(`the penalty looks at the ${name} without asking for it`, {
            where: "penalty",
            remedy: `give requests: ["${name}"] beside penalise`,
          });
        },
      ]),
  );
