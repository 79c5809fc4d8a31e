export { createSac, initialiseSac, sac } from "./sac/component.js";
export { bellmanTarget, samplePolicy } from "./sac/losses.js";
export { actorForward, criticForward, sacLayouts, sacState } from "./sac/networks.js";
export { type SacOptions, sacOptions } from "./sac/options.js";
export { sacPolicy } from "./sac/policy.js";
export { sacProgram, updateInputs } from "./sac/program.js";
export { type SacDetails, type SacUpdate, sacUpdate } from "./sac/update.js";
