/**
 * The smallest score that a row of a new episode, drawn at random, does not exceed with probability `level`.
 *
 * Scores [rows] of each episode. An episode's rows share the weight 1 / (episodes + 1), the rest stands for the new
 * episode's; Infinity where the episodes are too few for the level. A score that is no number is not exceeded by any.
 * Source: Dunn, Wasserman and Ramdas 2022, "Distribution-free prediction sets for two-layer hierarchical models",
 * pooling; Lee, Barber and Willett 2023.
 */
export function hierarchicalQuantile(episodes: readonly ArrayLike<number>[], level: number): number {
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
    if (reached >= level - 1e-12) return score;
  }
  return Infinity;
}
