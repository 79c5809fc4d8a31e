export { createTransformer, trajectoryTransformer } from "./component.js";
export { joinedRows, type LoggedSteps, type Path, type PathOptions, pathOf, transitionSize } from "./data/paths.js";
export { returnsToGo } from "./data/returns-to-go.js";
export {
  blockOf,
  fillWindow,
  type TokenPath,
  type WindowBatch,
  type WindowGoal,
  type WindowOptions,
  type Windows,
  windowBatch,
  windowsOf,
} from "./data/windows.js";
export { type Continuation, type Continuing, createDecoder, type Decoder, type Encoded } from "./decode/decoder.js";
export { type StepSizes, stepProgram } from "./decode/program.js";
export { createTokenDensity, trajectoryTransformerDensity } from "./density/component.js";
export { actionLogProbabilities, tokenLogProbabilities } from "./density/log-probability.js";
export {
  type ColumnRange,
  centresOf,
  checkToken,
  type Discretiser,
  decode,
  encode,
  expectation,
  type Slack,
} from "./discretise/discretiser.js";
export { fitDiscretiser, type Strategy, strategies } from "./discretise/fit.js";
export { createTokenDynamics, trajectoryTransformerDynamics } from "./dynamics/component.js";
export { dynamicsTensors } from "./dynamics/parameters.js";
export { createLstm, lstmSequence } from "./lstm/component.js";
export type { LstmShape } from "./lstm/shape.js";
export { type Architecture, type TokenShape, vocabularyOf } from "./model/architecture.js";
export { type TokenBatch, type TokenWeights, targetWeights, tokenLoss } from "./model/loss.js";
export { byPosition, type Forward, forward } from "./model/network.js";
export {
  type AnyNetwork,
  isLstm,
  type NetworkShape,
  networkOf,
  type OwnNetwork,
  type TokenNetwork,
} from "./model/networks.js";
export { gptLayouts, initialiseGpt, type Layouts, parameterSpecs } from "./model/parameters.js";
export { trajectoryTransformerPlanningModel } from "./planning/component.js";
export {
  type FittedModel,
  fittedModel,
  fittedTensors,
  type OwnSequence,
  type TokenMeaning,
  tokenTensors,
} from "./planning/fitted.js";
export type { TokenNode } from "./planning/nodes.js";
export { longestContext, type TokenPlanningOptions, tokenPlanningModel } from "./planning/planning-model.js";
export { type MakeDraw, tokenProposals } from "./planning/proposals.js";
export { goalTokens, prefixTokens, type TransitionSizes, tokensOf } from "./planning/tokens.js";
export type { Filters, TokenModel, TokenState, TokenStep } from "./planning/transitions.js";
export { openTokenModel, type ReadingOptions } from "./sample/open.js";
export { type RollOutRequest, rollOut } from "./sample/roll-out.js";
export type { Trajectories } from "./sample/trajectories.js";
export { type Asked, type DrawTokens, drawn } from "./search/draw.js";
export { filtered, logProbabilities, softmax, type TokenFilter } from "./search/filters.js";
export { type MostLikely, mostLikely } from "./search/most-likely.js";
export { type LearningRateOptions, learningRateAfter } from "./training/learning-rate.js";
export { type LstmOptions, lstmOptions, type TransformerOptions, transformerOptions } from "./training/options.js";
export { fillBatch, type TokenData, type TokenDataOptions, tokenDataOf } from "./training/token-data.js";
export {
  gradientNorm,
  parametersOf,
  tokenGradients,
  tokenUpdateProgram,
  type UpdateOptions,
  type UpdateSizes,
  updateState,
} from "./training/update.js";
