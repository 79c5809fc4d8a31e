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
export { defineKind, type Kind, type KindOptions } from "./registry/kind.js";
export { type PhiloxCounter, type PhiloxKey, philox4x32 } from "./rng/philox.js";
export { drawNoise, Random, type RandomState } from "./rng/random.js";
