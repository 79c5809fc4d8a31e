export * from "./contracts/index.js";
export {
  CapabilityError,
  ConfigError,
  DataError,
  type ErrorDetails,
  FileError,
  LowerboundError,
  NumericalError,
} from "./errors.js";
export { finiteOrNull } from "./finite.js";
export { once } from "./once.js";
export type { ImaginedReturns } from "./pipeline/evaluate.js";
export {
  checkCanHoldOut,
  episodesThat,
  type HeldOut,
  heldOutOf,
  holdOut,
  selectEpisodes,
} from "./pipeline/hold-out.js";
export { createPipeline, createUntypedPipeline, type Pipeline, type PipelineResult } from "./pipeline/pipeline.js";
export { actionBox, boxOption, scoringShape } from "./planning/options.js";
export { overRows, type RowInputs } from "./programs/over-rows.js";
export { learnerInputs, penaltyInputs, type SteppedFrom } from "./programs/penalty-inputs.js";
export { createSerial, type Serial } from "./programs/serial.js";
export { stepEnds } from "./programs/step-ends.js";
export { stepModel } from "./programs/step-model.js";
export { terminationProgram } from "./programs/termination-program.js";
export { uncertainty } from "./programs/uncertainty.js";
export {
  type AnyComponent,
  type Component,
  type CreateContext,
  defineComponent,
  type Requirements,
} from "./registry/component.js";
export type { ComponentConfig, ConfigOf } from "./registry/config-types.js";
export { expectedAt } from "./registry/expected-at.js";
export { defineKind, type Kind, type KindOptions } from "./registry/kind.js";
export { mapSlots } from "./registry/map-slots.js";
export { nearest } from "./registry/nearest.js";
export { type ParsedComponent, type ParsedConfig, parseConfig } from "./registry/parse-config.js";
export { createRegistry, type Registry, suggestion } from "./registry/registry.js";
export { type SlotInput, type SlotSchema, slot, slotKind } from "./registry/slot.js";
export { typeText } from "./registry/type-text.js";
export { type Unwrapped, unwrap } from "./registry/unwrap.js";
export { type PhiloxCounter, type PhiloxKey, philox4x32 } from "./rng/philox.js";
export { drawNoise, Random, type RandomState, randomStateSchema } from "./rng/random.js";
export { counted, wrap } from "./words.js";
