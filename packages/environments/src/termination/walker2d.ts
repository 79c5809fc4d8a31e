import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { allInside, between, endsUnless, entry } from "./rules.js";

/** Walker2d goes on while 0.8 < height < 2, |angle| < 1, all entries inside (-100, 100). Source: OfflineRL-Kit. */
export const walker2dTermination = defineComponent({
  kind: Termination,
  type: "walker2d",
  summary: "ends when the walker's torso is too low, too high or leans too far",
  config: z.object({}),
  create: () =>
    endsUnless((observations) => {
      const standing = between(entry(observations, 0), 0.8, 2);
      const upright = between(entry(observations, 1), -1, 1);
      return tf.logicalAnd(allInside(observations, 100), tf.logicalAnd(standing, upright));
    }),
});
