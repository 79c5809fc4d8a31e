import type { EvaluationResult } from "@lowerbound/core";
import { normalisedScore, referenceFor } from "@lowerbound/datasets";
import type { RolloutResult } from "@lowerbound/environments";

/** Returns with their mean, population standard deviation and, where the task has references, score in percent. */
export function summarise(
  environmentId: string,
  { returns, lengths, environmentSteps }: Pick<RolloutResult, "returns" | "lengths" | "environmentSteps">,
): EvaluationResult {
  const mean = average(returns);
  const score = referenceFor(environmentId) === undefined ? undefined : 100 * normalisedScore(environmentId, mean);
  return {
    environmentId,
    returns: [...returns],
    lengths: [...lengths],
    mean,
    std: Math.sqrt(average(returns.map((value) => (value - mean) ** 2))),
    environmentSteps,
    ...(score === undefined ? {} : { normalisedScore: score }),
  };
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
