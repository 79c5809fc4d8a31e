export {
  check,
  checkAll,
  type Fixture,
  type FixtureCheck,
  loadFixture,
  type ParitySubject,
  type Tolerance,
} from "./parity/fixture.js";
export { readSafetensors, type StoredTensor } from "./safetensors.js";
