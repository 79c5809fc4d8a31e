export { simulator } from "./simulator.js";
export {
  interquartileMean,
  meanScore,
  medianScore,
  optimalityGap,
  type Statistic,
} from "./statistics/aggregate.js";
export {
  type BootstrapOptions,
  drawRuns,
  pairedInterval,
  resample,
  stratifiedInterval,
  unitInterval,
} from "./statistics/bootstrap.js";
export { probabilityOfImprovement } from "./statistics/improvement.js";
export { averageProfile, performanceProfile } from "./statistics/profile.js";
export { centralInterval, type Interval, quantile, quantileSorted } from "./statistics/quantile.js";
export { correlation, rankCorrelation, ranks, regretAtOne } from "./statistics/rank.js";
export { type Scores, scoresOf } from "./statistics/scores.js";
export { summarise } from "./summarise.js";
