export { relu, swish } from "./activations.js";
export {
  type AdamOptions,
  type AdamScales,
  type AdamStep,
  adamScales,
  adamStep,
  adamUpdate,
  CLOCK,
  clockSpec,
  momentSpecs,
  tick,
} from "./adam.js";
export { type ColumnMoments, columnMoments, divisorOf } from "./column-moments.js";
export { gaussianLogProbability, gaussianSample, LOG_TWO_PI, standardLogProbability } from "./gaussian.js";
export { type Differentiated, differentiate } from "./gradients.js";
export { hierarchicalQuantile } from "./hierarchical-quantile.js";
export { type LayerShape, layerShapes, truncatedNormalFanIn, uniformFanIn } from "./initialise.js";
export { type Activation, type Layer, linear, mlp, tileMembers } from "./layers.js";
export { flatSpec, flatten, flattenHost, type Layout, layoutOf, unflatten, unflattenHost } from "./layout.js";
export { type LstmState, lstm, lstmCell } from "./lstm.js";
export { initialiseNetwork, type LayerInitialiser, layersOf, type NetworkShape, networkSpecs } from "./network.js";
export { freshNetwork, freshUpdateState, type NetworkUpdate, networkLayout, networkUpdate } from "./network-update.js";
export { nonFiniteTensors } from "./non-finite.js";
export { softUpdate } from "./soft-update.js";
export {
  type ActionSample,
  LOG_STD_BOUNDS,
  splitHeads,
  type TanhGaussianOptions,
  tanhGaussianAction,
  tanhGaussianLogProbability,
  tanhGaussianMode,
  tanhGaussianSample,
} from "./tanh-gaussian.js";
