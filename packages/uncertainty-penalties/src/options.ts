import type { PenaltyInputs } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";

/** Which members a penalty looks at. */
export const membersOption = z
  .enum(["all", "elites"])
  .default("all")
  .describe("members that the penalty looks at: all of the ensemble, or the elites that samples come from");

/** Whether a penalty looks at the reward's dimension; public code differs from penalty to penalty. */
export const rewardOption = (fallback: "include" | "exclude") =>
  z
    .enum(["include", "exclude"])
    .default(fallback)
    .describe("whether the predicted reward counts as a dimension beside the observation's");

export interface Selection {
  readonly members: "all" | "elites";
  readonly reward: "include" | "exclude";
}

/** Means that a penalty looks at: [members, batch, observation (+ 1)]. */
export function selectMeans(inputs: PenaltyInputs, { members, reward }: Selection): Tensor {
  const { meanObservation, meanReward, elites } = inputs;
  const means = reward === "include" ? tf.concat([meanObservation, meanReward], -1) : meanObservation;
  return members === "all" ? means : takeMembers(means, elites);
}

/** Log-variances that a penalty looks at: [members, batch, observation (+ 1)]; the reward's is the last. */
export function selectLogVar({ logVar, elites }: PenaltyInputs, { members, reward }: Selection): Tensor {
  const [all, batch, dim] = shapeOf(logVar);
  const kept = reward === "include" ? logVar : tf.slice(logVar, [0, 0, 0], [all, batch, dim - 1]);
  return members === "all" ? kept : takeMembers(kept, elites);
}

/** One-hot product rather than a gather, whose gradient not every engine has. */
function takeMembers(values: Tensor, elites: Tensor): Tensor {
  const [members, batch, dim] = shapeOf(values);
  const choice = tf.cast(tf.oneHot(elites, members), "float32");
  const rows = tf.matMul(choice, tf.reshape(values, [members, batch * dim]));
  return tf.reshape(rows, [elites.size, batch, dim]);
}

function shapeOf(values: Tensor): [members: number, batch: number, dim: number] {
  const [members, batch, dim] = values.shape;
  return [members!, batch!, dim!];
}

/** Members moved round by `shift`: [members, ...]. */
export function rotate(values: Tensor, shift: number): Tensor {
  const [first, rest] = tf.split(values, [shift, values.shape[0]! - shift], 0);
  return tf.concat([rest!, first!], 0);
}
