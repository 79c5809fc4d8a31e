export { penalisedReward } from "@lowerbound/actor-critic";
export { type Calibration, calibrationOf, fitCalibration } from "./calibrate.js";
export { type ChoiceRule, choosePenalty, type JudgedPenalty, type PenaltyChoice, type Verdict } from "./choose.js";
export { type JudgeJob, judgeByFqe, judgeByTheorem } from "./judge.js";
export { mopo } from "./mopo.js";
export type { PenalisedParts } from "./parts.js";
