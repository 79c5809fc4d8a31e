export { haltReward, haltTransition } from "./halt.js";
export { morel } from "./morel.js";
export { type MorelOptions, morelOptions } from "./options.js";
export { thresholdOf } from "./threshold.js";
