export { createEnsemble, ensemble, fittedOf } from "./component.js";
export { chooseElites, freshPatience, judge, type Patience, type Verdict } from "./early-stopping.js";
export { type EnsembleFit, type FitHistory, type FitJob, type FitOptions, fitEnsemble } from "./fit.js";
export { type EnsembleBatch, ensembleGradients, holdoutErrors, type LossOptions, type LossTerms } from "./loss.js";
export {
  type EnsembleOutput,
  type EnsembleShape,
  ensembleForward,
  initialiseEnsemble,
  standardise,
  trainedSpecs,
} from "./network.js";
export { type EnsembleOptions, ensembleOptions } from "./options.js";
export { ensembleUpdateProgram, holdoutProgram, type UpdateOptions, updateState } from "./programs.js";
export { ensembleNoise, ensemblePredict, ensembleStep, sampleMembers } from "./step.js";
export { fitScaler, gatherRows, type Scaler, standardiseTable, type Table, tableOf } from "./table.js";
