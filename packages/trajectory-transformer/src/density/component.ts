import {
  DensityModel,
  defineComponent,
  type Params,
  SequenceModel,
  type SteppedFrom,
  specsOf,
  unscoped,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { encodePairs } from "../dynamics/bins.js";
import { readFirst, readNext } from "../dynamics/context.js";
import { fitToSequence } from "../dynamics/fit.js";
import { graphModel } from "../dynamics/parameters.js";

/** log P_beta(action | observation) [batch], in nats, of the bins that pairs lie in, NaN where a pair is no finite number; a pure function on tensors. */
function pairLogProbability(pair: SteppedFrom, params: Params): Tensor {
  const model = graphModel(unscoped("gpt", params), params.thresholds!);
  const [rows, size] = pair.observation.shape as [number, number];
  const entries = pair.action.shape[1]!;
  const { tokens, doubt } = encodePairs(pair, model.thresholds);
  let context = readFirst(model, tf.slice(tokens, [0, 0], [rows, size]));
  const logs = Array.from({ length: entries }, (_, entry) => {
    const token = tf.reshape(tf.slice(tokens, [0, size + entry], [rows, 1]), [rows]);
    const { logits } = context;
    if (entry < entries - 1) context = readNext(model, context, token);
    const chosen = tf.cast(tf.oneHot(token, logits.shape[1]!), "float32");
    return tf.sum(tf.mul(tf.logSoftmax(logits), chosen), 1);
  });
  return logs.reduce((sum, log) => tf.add(sum, log), tf.reshape(doubt, [rows]));
}

/** A fitted Trajectory Transformer as a density of actions. */
export const createTokenDensity = (): DensityModel => ({
  conditional: true,
  fit: fitToSequence,
  parameters: specsOf,
  logProbability: pairLogProbability,
});

/** Density model `trajectory-transformer`. */
export const trajectoryTransformerDensity = defineComponent({
  kind: DensityModel,
  type: "trajectory-transformer",
  summary: "P_beta(action | observation) of a fitted Trajectory Transformer, entry after entry",
  documentation:
    "The pipeline's sequence model reads the observation and says how likely the action's bins are: probabilities, not " +
    "densities, since a bin may have no width. What came before the observation is not read. " +
    "Source: Trajectory Transformer (Janner et al. 2021), section 3.",
  config: z.object({}),
  requires: [SequenceModel],
  create: createTokenDensity,
});
