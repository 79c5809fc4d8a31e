export { type ConformanceCase, datasetConformance } from "./dataset-conformance.js";
export { type DynamicsConformance, dynamicsConformance } from "./dynamics-conformance.js";
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
export { LINE_OPTIMUM, lineEnvironment, playLine, randomLineReturn } from "./line-task.js";
export { type LineWorldRows, lineWorld } from "./line-world.js";
export { endless, lineDynamics, lineMember, lineWorldData } from "./line-world-parts.js";
export { type MemoryRun, type MemoryRunOptions, memoryRun } from "./memory-run.js";
export { type OptimiserConformance, optimiserConformance } from "./optimiser-conformance.js";
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
export { type PenaltyConformance, penaltyConformance } from "./penalty-conformance.js";
export { readSafetensors, type StoredTensor } from "./safetensors.js";
export { type SequenceConformance, sequenceConformance } from "./sequence-conformance.js";
export { wideLine } from "./wide-line.js";
