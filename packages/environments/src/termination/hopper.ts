import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { allFinite, allInside, between, endsUnless, entry, type GoesOn } from "./rules.js";

const config = z.object({
  publicRule: z
    .boolean()
    .default(false)
    .describe("repeat OfflineRL-Kit's rule: entries of 100 or more end an episode, those of -100 or less do not"),
});

const MIN_HEIGHT = 0.7;
const MAX_ANGLE = 0.2;
const BOUND = 100;

function goesOn(publicRule: boolean): GoesOn {
  return (observations) => {
    const others = tf.slice(observations, [0, 1], [-1, -1]);
    const inside = publicRule ? tf.all(tf.less(others, BOUND), 1) : allInside(others, BOUND);
    const high = tf.greater(entry(observations, 0), MIN_HEIGHT);
    const upright = between(entry(observations, 1), -MAX_ANGLE, MAX_ANGLE);
    return tf.logicalAnd(tf.logicalAnd(allFinite(observations), inside), tf.logicalAnd(high, upright));
  };
}

/**
 * Hopper goes on while it stands: height > 0.7, |angle| < 0.2, all other entries inside (-100, 100).
 *
 * Source: Gymnasium's Hopper. OfflineRL-Kit (termination_fns) takes the absolute value of the comparison instead of
 * the entries; `publicRule` repeats that.
 */
export const hopperTermination = defineComponent({
  kind: Termination,
  type: "hopper",
  summary: "ends when the hopper's torso is too low or leans too far",
  config,
  create: ({ publicRule }) => endsUnless(goesOn(publicRule)),
});
