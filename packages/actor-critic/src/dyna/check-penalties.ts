import { NumericalError } from "@lowerbound/core";
import type { RolloutFigures } from "./rollout.js";

/**
 * Look at the penalties of a rollout: a sentence for the user where some are below 0, else undefined.
 *
 * @throws NumericalError for penalties that are not finite, and with them rewards that the model's are: critics would
 * break on those. MOReL, which halts where a penalty is no number, pays none.
 */
export function checkPenalties({ penalty, leastPenalty, modelReward, reward }: RolloutFigures): string | undefined {
  if (!Number.isFinite(penalty) && !Number.isFinite(reward) && Number.isFinite(modelReward)) {
    throw new NumericalError(`u(s, a) adds up to ${penalty} in imagined transitions`, {
      where: "penalty",
      expected: "finite numbers, 0 or above",
      remedy: "look for logarithms, roots and quotients in `penalise`, or hold it between bounds: penalty.type clip",
    });
  }
  if (!(leastPenalty < -TOLERANCE)) return undefined;
  return (
    `u(s, a) is as low as ${leastPenalty.toPrecision(3)} in imagined transitions: below 0 it makes errors pay; ` +
    "give tf.relu(u), or hold it between bounds: penalty.type clip"
  );
}

/** Of a difference that is 0 but for rounding. */
const TOLERANCE = 1e-4;
