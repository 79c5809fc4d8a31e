export { Algorithm, type ImagineContext, type TrainContext, type Trained } from "./algorithm.js";
export {
  type Assumption,
  type Certificate,
  type CertificateCheck,
  type Certificates,
  type CertificateTruth,
  certificateSchema,
  certificatesSchema,
} from "./certificate.js";
export type { Checking, LogFacts } from "./check.js";
export { Dataset, type DatasetInfo, type Dimensions, type Episode, type Transitions } from "./dataset.js";
export { DensityModel } from "./density-model.js";
export {
  type DynamicsCapabilities,
  DynamicsModel,
  type DynamicsStep,
  type DynamicsStepInputs,
  type MemberPrediction,
  requireMembers,
} from "./dynamics-model.js";
export { type CompiledProgram, Engine, type TensorState } from "./engine.js";
export {
  type Box,
  type Environment,
  type EnvironmentFactory,
  type EnvironmentSnapshot,
  EnvironmentSource,
  type StepResult,
} from "./environment.js";
export { type EvaluationResult, type EvaluationStarts, Evaluator } from "./evaluator.js";
export { type FitContext, type Fittable, type Fitted, isFittable, type Json } from "./fit.js";
export { Logger, type LogRow, type LogSink } from "./logger.js";
export {
  type CriticFunction,
  type CriticRegulariser,
  type CriticRegulariserInputs,
  type ObservationScale,
  type OnPolicyParts,
  Optimiser,
  type PolicyFunction,
  type UpdateBatch,
  type UpdateHooks,
  type ValueFunction,
} from "./optimiser.js";
export {
  type OpenPlanningModel,
  type Plan,
  Planner,
  type PlanningModel,
  PlanningModelSource,
  type PlanRequest,
  type SequenceScoring,
} from "./planner.js";
export type {
  ActionBox,
  History,
  Pessimism,
  PlanningState,
  Proposal,
  ProposalCall,
  ProposalModel,
  SeamOptions,
  SequenceEvaluator,
  SequenceGradients,
  SequenceGroup,
  SequenceScorer,
} from "./planning-seams.js";
export { type Matrix, type Policy, type PolicyCapabilities, PolicySource } from "./policy.js";
export {
  type Checkpoint,
  type Progress,
  type Run,
  type RunHandle,
  type RunOptions,
  RunStore,
  type RunTerms,
} from "./run.js";
export { SequenceModel } from "./sequence-model.js";
export {
  type DType,
  float32,
  type HostTensor,
  type HostTensors,
  hostFloat32,
  int32,
  type NoiseEntry,
  type NoiseSpec,
  noiseDType,
  type Params,
  type Specs,
  scoped,
  sizeOf,
  specsOf,
  type TensorProgram,
  type TensorSpec,
  type TypedArray,
  unscoped,
  zeros,
  zerosOf,
} from "./tensors.js";
export { Termination } from "./termination.js";
export { checkSeesMembers, type PenaltyInputs, UncertaintyPenalty } from "./uncertainty-penalty.js";
