/** The smallest value that at least a share of all values do not exceed. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * The smallest score that transitions of a new episode, drawn at random, do not exceed with probability 1 - errorRate.
 *
 * Each episode's transitions share the weight 1 / (episodes + 1), the rest stands for the new episode's; Infinity where
 * the episodes are too few. Source: Dunn, Wasserman and Ramdas 2022, "Distribution-free prediction sets for two-layer
 * hierarchical models", pooling; Lee, Barber and Willett 2023. A score that is no number is not exceeded by any.
 */
export function hierarchicalQuantile(episodes: readonly ArrayLike<number>[], errorRate: number): number {
  const weighted = episodes.flatMap((scores) =>
    Array.from(scores, (score) => ({
      score: Number.isNaN(score) ? Infinity : score,
      weight: 1 / ((episodes.length + 1) * scores.length),
    })),
  );
  weighted.sort((a, b) => a.score - b.score);
  let reached = 0;
  for (const { score, weight } of weighted) {
    reached += weight;
    if (reached >= 1 - errorRate - 1e-12) return score;
  }
  return Number.POSITIVE_INFINITY;
}
