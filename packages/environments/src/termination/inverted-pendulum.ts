import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { allFinite, endsUnless, entry } from "./rules.js";

/** InvertedPendulum goes on while |angle| <= 0.2 and every entry is finite. Source: Gymnasium 1.4.0. */
export const invertedPendulumTermination = defineComponent({
  kind: Termination,
  type: "inverted-pendulum",
  summary: "ends when the pole leans by more than 0.2 rad",
  config: z.object({}),
  create: () =>
    endsUnless((observations) =>
      tf.logicalAnd(allFinite(observations), tf.lessEqual(tf.abs(entry(observations, 1)), 0.2)),
    ),
});
