import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { allFinite, endsUnless, entry } from "./rules.js";

/** Ant goes on while 0.2 <= height <= 1 and every entry is finite. Source: OfflineRL-Kit, as Gymnasium's Ant. */
export const antTermination = defineComponent({
  kind: Termination,
  type: "ant",
  summary: "ends when the ant's torso is too low or too high",
  config: z.object({}),
  create: () =>
    endsUnless((observations) => {
      const height = entry(observations, 0);
      const standing = tf.logicalAnd(tf.greaterEqual(height, 0.2), tf.lessEqual(height, 1));
      return tf.logicalAnd(allFinite(observations), standing);
    }),
});
