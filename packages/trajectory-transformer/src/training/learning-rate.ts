/** How the learning rate goes, in tokens of targets that are not the end of an episode. */
export interface LearningRateOptions {
  readonly learningRate: number;
  /** Tokens over which it rises from 0; it does not rise where this is 0. */
  readonly warmupTokens: number;
  /** Tokens after which it has fallen by a half cosine to a tenth, where it stays. */
  readonly finalTokens: number;
  /**
   * `published`: the first step is taken at the full rate, and past `finalTokens` the cosine goes up again, as public code
   * does.
   */
  readonly schedule: "settling" | "published";
}

/** The learning rate of the step that comes after so many tokens. Source: Trajectory Transformer (Janner et al. 2021), its code. */
export function learningRateAfter(tokens: number, options: LearningRateOptions): number {
  const { learningRate, warmupTokens, finalTokens, schedule } = options;
  const published = schedule === "published";
  if (published && tokens === 0) return learningRate;
  if (tokens < warmupTokens) return learningRate * (tokens / warmupTokens);
  const progress = (tokens - warmupTokens) / Math.max(finalTokens - warmupTokens, 1);
  const angle = Math.PI * (published ? progress : Math.min(progress, 1));
  return learningRate * Math.max(0.1, 0.5 * (1 + Math.cos(angle)));
}
