import type { MorelOptions } from "./options.js";

type Rule = Pick<MorelOptions, "threshold" | "thresholdCoefficient" | "thresholdQuantile" | "thresholdSpreads">;

/**
 * The discrepancy beyond which a pair is unknown, from the discrepancies of the data.
 *
 * Source: `spread`, mean + beta spreads, as a public reimplementation reads appendix C.5 of MOReL (Kidambi et al. 2020), where beta is
 * tuned up to that of the data's maximum; `maximum` as in its public code, whose coefficient is tuned as well. Undivided, the
 * maximum is the most permissive of either: one outlier among the logged pairs decides, and rollouts may never halt. So the
 * default is a beta of 3. The quantile interpolates between ranks.
 */
export function thresholdOf(discrepancies: Float32Array, rule: Rule): number {
  switch (rule.threshold) {
    case "maximum":
      return largest(discrepancies) / rule.thresholdCoefficient;
    case "quantile":
      return quantile(discrepancies, rule.thresholdQuantile);
    case "spread": {
      const { mean, spread } = momentsOf(discrepancies);
      return mean + rule.thresholdSpreads * spread;
    }
  }
}

export const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, value));

export function momentsOf(values: Float32Array): { readonly mean: number; readonly spread: number } {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return { mean, spread: Math.sqrt(variance) };
}

function quantile(values: Float32Array, share: number): number {
  const sorted = values.slice().sort();
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (rank - below) * (high - low);
}
