import { NumericalError } from "@lowerbound/core";
import type { Estimate } from "./estimate.js";
import type { OffPolicyMethod } from "./options.js";

/** The estimate, if it is a number. @throws NumericalError saying why this method's is none */
export function finite(method: OffPolicyMethod, estimate: Estimate): Estimate {
  if (Number.isFinite(estimate.value)) return estimate;
  const { what, remedy } = notFinite(method, estimate);
  throw new NumericalError(what, { remedy });
}

/** Why an estimate is no number. */
function notFinite(
  method: OffPolicyMethod,
  { effectiveSampleSize }: Estimate,
): { readonly what: string; readonly remedy: string } {
  if (method === "model") {
    return {
      what: "the policy's rollouts in the model run off to infinity",
      remedy: "use fqe, or a shorter horizon; a model that does so may need more data, or longer fitting",
    };
  }
  return {
    // Weights that overflow on rewards of both signs are no number either.
    what: Number.isNaN(effectiveSampleSize)
      ? "no logged episode has any weight under the policy"
      : "weights of episodes overflow",
    remedy: "the policy is too far from the one that logged the data for this method: use fqe or model",
  };
}
