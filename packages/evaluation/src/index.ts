export { simulator } from "./simulator.js";
export { summarise } from "./summarise.js";
