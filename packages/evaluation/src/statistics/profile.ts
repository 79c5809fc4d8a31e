import { mean, type Scores, taskMeans } from "./scores.js";

/** Share of all runs of all tasks whose score is above each level, [levels]. Source: Agarwal et al. 2021, section 4.2. */
export const performanceProfile = ({ values }: Scores, levels: ArrayLike<number>): Float64Array =>
  Float64Array.from(levels, (level) => shareAbove(values, level));

/** Share of tasks whose mean score is above each level, [levels]. */
export function averageProfile(scores: Scores, levels: ArrayLike<number>): Float64Array {
  const means = taskMeans(scores);
  return Float64Array.from(levels, (level) => shareAbove(means, level));
}

const shareAbove = (values: Float64Array, level: number): number =>
  mean(values.map((value) => (value > level ? 1 : 0)));
