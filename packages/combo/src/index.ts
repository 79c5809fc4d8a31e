export { type ComboOptions, combo, comboHooks } from "./combo.js";
export { criticGap, type GapJob } from "./critic-gap.js";
export { type HeldOut, splitEpisodes } from "./held-out.js";
export { chooseBeta } from "./select-beta.js";
