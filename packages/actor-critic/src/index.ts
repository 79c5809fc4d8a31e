export { iql, iqlOptions } from "./baselines/iql.js";
export { initialiseIql, iqlPolicy } from "./baselines/iql-networks.js";
export { expectileLoss, iqlProgram } from "./baselines/iql-update.js";
export { td3Bc, td3BcOptions } from "./baselines/td3-bc.js";
export { initialiseTd3Bc, td3BcPolicy, td3BcPrograms } from "./baselines/td3-bc-update.js";
export { behaviourCloning } from "./cloning/component.js";
export { type ImitationOptions, imitate } from "./cloning/imitate.js";
export { type CloningOptions, cloningOptions } from "./cloning/options.js";
export { cloningPolicy } from "./cloning/policy.js";
export { cloningProgram } from "./cloning/program.js";
export { cql, learnerOf } from "./conservative/cql.js";
export { type MultiplierStep, multiplierState, multiplierStep } from "./conservative/multiplier.js";
export { type ConservativeOptions, conservativeShape } from "./conservative/options.js";
export {
  type ConservativeSettings,
  conservativeHooks,
  conservativeRegulariser,
  type RowRange,
} from "./conservative/regulariser.js";
export { pairedSeparation, separation } from "./conservative/separation.js";
export {
  markedMean,
  type SampledActions,
  type SampledStates,
  type SampledValues,
  sampleActions,
  sampledValues,
  softMaximum,
} from "./conservative/term.js";
export {
  episodeStarts,
  imagineDyna,
  type ModelReturnJob,
  type ModelReturns,
  modelReturns,
} from "./dyna/model-return.js";
export { type DynaOptions, dynaShape } from "./dyna/options.js";
export {
  checkParts,
  type DynaHooks,
  type DynaParts,
  fittedState,
  type ModelTransition,
  type RolloutParts,
  rolloutPartsOf,
} from "./dyna/parts.js";
export { penalisedReward } from "./dyna/penalised-reward.js";
export { type RolloutFigures, type RolloutJob, rollOut } from "./dyna/rollout.js";
export { type RolloutProgramOptions, rolloutProgram } from "./dyna/rollout-program.js";
export { trainDyna } from "./dyna/trainer.js";
export { type Advantages, type Discounting, estimateAdvantages, type RolledOut } from "./on-policy/advantages.js";
export { createPpo, ppo } from "./ppo/component.js";
export { clippedLoss, valueLoss } from "./ppo/losses.js";
export { type PpoOptions, ppoOptions } from "./ppo/options.js";
export { ppoActorLoss } from "./ppo/program.js";
export { fitNormaliser, type Normaliser, normalise } from "./replay/normalise.js";
export { createRingBuffer, type RingBuffer } from "./replay/ring-buffer.js";
export { copyRows, datasetRows, emptyRows, type ReplayRows } from "./replay/rows.js";
export { createSampler, type HostBatch, realRows, rowsOfShare } from "./replay/sample.js";
export { createSac, initialiseSac, sac } from "./sac/component.js";
export { criticOfActions } from "./sac/critic-of-actions.js";
export { bellmanTarget, samplePolicy } from "./sac/losses.js";
export { actorForward, criticForward, sacLayouts, sacState } from "./sac/networks.js";
export { type SacOptions, sacOptions } from "./sac/options.js";
export { sacPolicy } from "./sac/policy.js";
export { sacProgram, updateInputs } from "./sac/program.js";
export { type SacDetails, type SacUpdate, sacUpdate } from "./sac/update.js";
export { type CandidateTrainings, type JudgedCandidates, trainCandidates } from "./staged/candidates.js";
export { growthOf } from "./training/growth.js";
export { type HostPolicyContext, hostPolicy } from "./training/host-policy.js";
export { type OfflineLearner, type OfflineOptions, offlineShape, trainOffline } from "./training/offline.js";
