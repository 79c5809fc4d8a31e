export { disagreement } from "./disagreement.js";
export { hillClimb } from "./hill-climb.js";
export { nearestBest } from "./nearest-best.js";
export { nearestStep } from "./nearest-step.js";
