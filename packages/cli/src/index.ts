export { componentsText } from "./commands/components.js";
export { describeOptions, type OptionRow } from "./options/describe.js";
export { markdownTable } from "./options/table.js";
export type { Output } from "./output.js";
export { runCli } from "./program.js";
