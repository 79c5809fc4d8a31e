import { defineComponent, UncertaintyPenalty } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";

export default defineComponent({
  kind: UncertaintyPenalty,
  type: "mean-aleatoric",
  summary: "mean over members of the norm of the predicted standard deviation",
  config: z.object({ floor: z.number().nonnegative().default(0).describe("lower bound on u(s, a)") }),
  create: ({ floor }) => ({
    // logVar: [members, batch, dim] -> u: [batch]
    penalise: ({ logVar }) => tf.maximum(floor, tf.mean(tf.norm(tf.exp(tf.mul(0.5, logVar)), 2, -1), 0)),
  }),
});
