export { joinedRows, type LoggedSteps, type Path, type PathOptions, pathOf, transitionSize } from "./data/paths.js";
export { returnsToGo } from "./data/returns-to-go.js";
export {
  blockOf,
  fillWindow,
  type TokenPath,
  type WindowBatch,
  type WindowOptions,
  type Windows,
  windowBatch,
  windowsOf,
} from "./data/windows.js";
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
