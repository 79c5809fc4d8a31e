import { defineComponent, UncertaintyPenalty } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";

/** A penalty: how far apart the members' predictions of the next observation lie, in the worst dimension. */
export const disagreement = defineComponent({
  kind: UncertaintyPenalty,
  type: "disagreement",
  summary: "the widest range of the members' mean next observations over dimensions",
  documentation: "u(s, a) = power of the largest range; 1 is in the unit of the observations.",
  config: z.object({ power: z.number().positive().default(1).describe("of the range") }),
  create: ({ power }) => ({
    // meanObservation: [members, batch, observation] -> u: [batch]
    penalise: ({ meanObservation }) => {
      const range = tf.add(tf.max(meanObservation, 0), tf.max(tf.neg(meanObservation), 0));
      return tf.pow(tf.max(range, -1), power);
    },
  }),
});
