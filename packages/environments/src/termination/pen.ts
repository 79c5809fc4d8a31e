import { defineComponent, Termination } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { endsWhere, entry } from "./rules.js";

/** Height of the pen in Adroit's observation. */
const PEN_HEIGHT = 26;

/** Adroit's pen task ends when the pen falls below 0.075. Source: OfflineRL-Kit. */
export const penTermination = defineComponent({
  kind: Termination,
  type: "pen",
  summary: "ends when the pen is dropped",
  config: z.object({}),
  create: () => endsWhere((observations) => tf.less(entry(observations, PEN_HEIGHT), 0.075)),
});
