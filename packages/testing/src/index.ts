export { type ConformanceCase, datasetConformance } from "./dataset-conformance.js";
export {
  compareEngines,
  ENGINE_TOLERANCE,
  type EngineDisagreement,
  type EngineTolerance,
  type ParityRun,
} from "./engine-parity.js";
export { environmentConformance } from "./environment-conformance.js";
export { type EnvironmentGolden, loadEnvironmentGolden } from "./environment-parity/golden.js";
export type { EnvironmentCheck } from "./environment-parity/worst.js";
export { checkEnvironment } from "./environment-parity.js";
export { d4rlReferenceSubject } from "./parity/d4rl-reference.js";
export {
  check,
  checkAll,
  type Fixture,
  type FixtureCheck,
  loadFixture,
  type ParitySubject,
  type Tolerance,
} from "./parity/fixture.js";
export { terminationSubject } from "./parity/termination.js";
export { transitionsSubject } from "./parity/transitions.js";
export { readSafetensors, type StoredTensor } from "./safetensors.js";
