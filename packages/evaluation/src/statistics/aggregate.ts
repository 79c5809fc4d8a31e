import { quantile } from "./quantile.js";
import { mean, type Scores, taskMeans } from "./scores.js";

/** One figure of a method's scores. */
export type Statistic = (scores: Scores) => number;

/**
 * Mean of the middle half of all runs of all tasks together; floor(n / 4) scores go at each end.
 *
 * Source: Agarwal et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice", section 4.3.
 */
export function interquartileMean({ values }: Scores): number {
  const cut = Math.floor(values.length / 4);
  return mean(
    values
      .slice()
      .sort()
      .subarray(cut, values.length - cut),
  );
}

/** Mean over tasks of the mean over runs. */
export const meanScore: Statistic = (scores) => mean(taskMeans(scores));

/** Median over tasks of the mean over runs. */
export const medianScore: Statistic = (scores) => quantile(taskMeans(scores), 0.5);

/** How far scores fall short of a level, those above it counting as on it: level - mean(min(score, level)). */
export const optimalityGap = ({ values }: Scores, level = 1): number =>
  level - mean(values.map((value) => Math.min(value, level)));
