export { alongSteps, type StepBin, type SteppedRows } from "./calibration/along-steps.js";
export { rowsByGroup } from "./calibration/halves.js";
export { type ModelErrorJob, measureModelError, measurePenalty, type PenaltyJob } from "./calibration/measure.js";
export { type OpenLoop, type OpenLoopError, openLoop, openLoopErrors } from "./calibration/open-loop.js";
export type { FittedPenalty, PenaltyLearner } from "./calibration/penalise.js";
export {
  type CalibrationOptions,
  type ConformalCalibration,
  calibratePenalty,
  coverageOf,
  type PenaltyCalibration,
  type PenaltyRows,
  type ReliabilityBin,
  reliabilityOf,
} from "./calibration/penalty-calibration.js";
export { type ElitePrediction, type FittedModel, penaltyOfRows, predictRows } from "./calibration/predict.js";
export { type MeasuredRows, measuredRows, someRows, visitedRows, wholeEpisodes } from "./calibration/rows.js";
export {
  type CalibrationReport,
  calibrationSchema,
  type ModelErrorReport,
  modelErrorSchema,
  type PenaltyCalibrationReport,
  penaltyCalibrationSchema,
} from "./calibration/schema.js";
export { binomialTail } from "./certificates/binomial.js";
export {
  penalisedModel,
  type ReturnBounds,
  type RewardRange,
  returnBounds,
  theoremLambda,
  totalVariation,
} from "./certificates/bound.js";
export {
  certifyTabular,
  type DeltaPoint,
  deltaCurve,
  type TabularCertificate,
} from "./certificates/certify-tabular.js";
export { rewardRadius, transitionRadius } from "./certificates/concentration.js";
export {
  type CertifyJob,
  certifyContinuous,
} from "./certificates/continuous/certify-continuous.js";
export {
  checkCoefficient,
  coveringCoefficient,
  type EpisodeRows,
  episodesFor,
  meanCoefficient,
} from "./certificates/continuous/coefficient.js";
export {
  type MeasuredPenalty,
  type MeasuringJob,
  measureRows,
} from "./certificates/continuous/held-out.js";
export { type ImaginedSums, imaginedSums } from "./certificates/continuous/imagined.js";
export { type CertifyOptions, certifyOptions } from "./certificates/continuous/options.js";
export {
  type DistantRows,
  type ErrorOptions,
  type NextValues,
  rowErrors,
  sumsToEnd,
  type ValuedRows,
  valueErrors,
  valueSlopes,
} from "./certificates/continuous/row-errors.js";
export { sampleDistances, spreadsOf } from "./certificates/continuous/sample-distances.js";
export { type SampledRows, type SamplingJob, sampleRows } from "./certificates/continuous/sampled-rows.js";
export { criticValues, fittedValues, type StateValues } from "./certificates/continuous/state-values.js";
export { type PlayedTruth, playTruth, type TruthJob } from "./certificates/continuous/truth.js";
export {
  countSamples,
  empiricalModel,
  type KnownParts,
  type TabularCounts,
  type TabularSamples,
} from "./certificates/empirical-model.js";
export { type BoundedModel, modelFromSamples } from "./certificates/from-samples.js";
export { type HaltOptions, haltSlack, pessimisticMdp } from "./certificates/halt.js";
export { checkErrors, type ErrorCheck, type ErrorParts, type UncheckedPair } from "./certificates/held-out-check.js";
export { rewardsOutside } from "./certificates/reward-range.js";
export { roundingOf } from "./certificates/rounding.js";
export {
  type GaussianMembers,
  type IntervalCoverage,
  intervalCoverage,
  logVarianceSaturation,
  probabilityIntegral,
  type Saturation,
} from "./model-error/coverage.js";
export { errorNorms, type PredictionErrors, predictionErrors, scalesOf } from "./model-error/errors.js";
export { type Multimodality, multimodality } from "./model-error/multimodality.js";
export { normalCdf } from "./model-error/normal.js";
export { type ActAllOptions, actAll } from "./off-policy/act-all.js";
export {
  type BehaviourDensity,
  type BehaviourJob,
  type BehaviourOptions,
  behaviourOptions,
  cloneBehaviour,
  densityBehaviour,
} from "./off-policy/behaviour-density.js";
export {
  directMethod,
  doublyRobust,
  doublyRobustOf,
  weightedDoublyRobust,
} from "./off-policy/doubly-robust.js";
export { type Estimate, estimateOf, estimateOfEach, ratioEstimators } from "./off-policy/estimate.js";
export {
  type EvaluationModel,
  evaluateOffPolicy,
  type OffPolicyJob,
  type OffPolicyOutcome,
} from "./off-policy/evaluate-policy.js";
export { evaluateWithin, type FiniteHorizonValues } from "./off-policy/finite-horizon.js";
export { type FittedQ, type FqeJob, fitQEvaluation } from "./off-policy/fqe-fit.js";
export { type FqeOptions, fqeOptions } from "./off-policy/fqe-options.js";
export {
  copiesAfter,
  fqeInputs,
  fqeLayout,
  fqeProgram,
  fqeState,
  fqeUpdate,
  fqeValueProgram,
} from "./off-policy/fqe-program.js";
export {
  type Estimator,
  effectiveSampleSize,
  importanceSampling,
  perDecisionImportanceSampling,
  weightedImportanceSampling,
  weightedPerDecision,
} from "./off-policy/importance-sampling.js";
export { type LoggedWeights, startsOf, weightedEpisodes } from "./off-policy/logged-episodes.js";
export { type ModelBasedJob, modelBasedReturns } from "./off-policy/model-based.js";
export { type ImaginedStep, type ModelRolloutJob, rollOutInModel } from "./off-policy/model-rollout.js";
export {
  type OffPolicyMethod,
  type OffPolicyOptions,
  offPolicyMethods,
  offPolicyOptions,
} from "./off-policy/options.js";
export { type Candidate, type Selection, type SelectionQuality, selectByEstimate } from "./off-policy/selection.js";
export { type TabularComparison, type TabularEpisode, tabularEpisode } from "./off-policy/tabular.js";
export {
  discountedReturn,
  type RatioEpisode,
  type WeightedEpisode,
  weighEpisode,
} from "./off-policy/weighted-episode.js";
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
  stratifiedBand,
  stratifiedInterval,
  unitInterval,
} from "./statistics/bootstrap.js";
export { probabilityOfImprovement } from "./statistics/improvement.js";
export { averageProfile, performanceProfile } from "./statistics/profile.js";
export { centralInterval, type Interval, quantile, quantileSorted } from "./statistics/quantile.js";
export { correlation, rankCorrelation, ranks, regretAtOne } from "./statistics/rank.js";
export { type Scores, scoresOf } from "./statistics/scores.js";
export { summarise } from "./summarise.js";
