import * as tf from "@tensorflow/tfjs";
import type { DynaHooks } from "./parts.js";

type PenaltyHooks = Required<Pick<DynaHooks, "reshapeTransition" | "targetPenaltyCoefficient">>;

/**
 * The reward r - lambda u(s, a) of model transitions; a penalty that applies to the target lowers Bellman targets in its place.
 *
 * Source: MOPO (Yu et al. 2020), algorithm 2. The published method floors nothing; neither does this one.
 */
export const penalisedReward = (penaltyCoefficient: number): PenaltyHooks => ({
  reshapeTransition: ({ reward, termination, penalty }) => ({
    reward: penalty === undefined ? reward : tf.sub(reward, tf.mul(penaltyCoefficient, penalty)),
    termination,
  }),
  targetPenaltyCoefficient: penaltyCoefficient,
});
