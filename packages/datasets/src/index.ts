export { d4rlHdf5 } from "./d4rl/component.js";
