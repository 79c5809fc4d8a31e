export { mopo, penalisedReward } from "./mopo.js";
