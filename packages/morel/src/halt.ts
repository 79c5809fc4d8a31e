import type { DynaHooks } from "@lowerbound/actor-critic";
import { CapabilityError } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import type { MorelOptions } from "./options.js";

export interface Halt {
  /** Discrepancies strictly above it are unknown. */
  readonly threshold: number;
  /** Added to the reward of the step that leads to HALT. */
  readonly haltReward: number;
}

/**
 * What HALT pays, valued at the step that leads there: -discount kappa / (1 - discount) where it costs kappa in every step
 * after that one, or -kappa where it does so once.
 *
 * @throws CapabilityError if the endless payment has no discount to be reckoned with.
 */
export function haltReward(kappa: number, discount: number | undefined, payment: MorelOptions["haltPayment"]): number {
  if (payment === "once") return -kappa;
  if (discount !== undefined) return (-discount * kappa) / (1 - discount);
  throw new CapabilityError("the optimiser does not say its discount", {
    where: "optimiser",
    expected: "one with a `discount`: what HALT is worth depends on it",
    remedy: "take another optimiser, or set algorithm.haltPayment to once",
  });
}

/**
 * What MOReL adds to Dyna: an unknown pair leads to HALT, which is terminal, and all that HALT ever pays is paid at once.
 *
 * Nothing is bootstrapped past HALT, so that this is the absorbing state to the letter. Source: MOReL (Kidambi et al.
 * 2020), section 4. Deviation from public code: that leaves cut paths unterminated, and adds value after HALT.
 */
export function haltTransition({ threshold, haltReward: pay }: Halt): Required<Pick<DynaHooks, "reshapeTransition">> {
  return {
    reshapeTransition: ({ reward, termination, penalty }) => {
      if (penalty === undefined) return { reward, termination };
      // Not known to be known: a penalty that is no number halts, too.
      const unknown = tf.cast(tf.logicalNot(tf.lessEqual(penalty, threshold)), "float32");
      return { reward: tf.add(reward, tf.mul(pay, unknown)), termination: tf.maximum(termination, unknown) };
    },
  };
}
