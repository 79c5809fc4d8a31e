import { counted, type EvaluationResult } from "@lowerbound/core";

/** One line: return, its spread, score where there is one. */
export function evaluationText({ environmentId, returns, mean, std, normalisedScore }: EvaluationResult): string {
  const score = normalisedScore === undefined ? "" : `, normalised score ${normalisedScore.toFixed(1)}`;
  return `return ${mean.toFixed(1)} +- ${std.toFixed(1)} over ${counted(returns.length, "episode")} of ${environmentId}${score}`;
}
