import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { endsWhere, entry } from "./rules.js";

/** Humanoid ends at a height below 1 or above 2. Source: OfflineRL-Kit. */
export const humanoidTermination = defineComponent({
  kind: Termination,
  type: "humanoid",
  summary: "ends when the humanoid's torso is too low or too high",
  config: z.object({}),
  create: () =>
    endsWhere((observations) => {
      const height = entry(observations, 0);
      return tf.logicalOr(tf.less(height, 1), tf.greater(height, 2));
    }),
});
