import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { endsWhere, entry } from "./rules.js";

/** Imagined episodes end at their length only. */
export const neverTermination = defineComponent({
  kind: Termination,
  type: "never",
  summary: "never ends an imagined episode",
  config: z.object({}),
  create: () => endsWhere((observations) => tf.less(tf.abs(entry(observations, 0)), 0)),
});
