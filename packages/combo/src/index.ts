export { type ComboOptions, combo, comboHooks } from "./combo.js";
export { criticGap, type GapJob } from "./critic-gap.js";
export { chooseBeta } from "./select-beta.js";
