import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { endsWhere, entry } from "./rules.js";

/** Imagined episodes end at their length only. */
export const noTermination = defineComponent({
  kind: Termination,
  type: "none",
  summary: "never ends an imagined episode",
  config: z.object({}),
  create: () => endsWhere((observations) => tf.less(tf.abs(entry(observations, 0)), 0)),
});
