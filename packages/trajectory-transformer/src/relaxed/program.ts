import { float32, int32, type Params, specsOf, type TensorProgram } from "@lowerbound/core";
import { differentiate } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { centresOf } from "../discretise/discretiser.js";
import { isLstm } from "../model/networks.js";
import type { FittedModel } from "../planning/fitted.js";
import { softLstm } from "./lstm.js";
import { type RelaxedPlan, rollOut } from "./roll-out.js";
import { softTransformer } from "./transformer.js";

/**
 * Scores of relaxed plans and their gradients by the actions, as one program.
 *
 * Inputs: `context` int32 [context], rows of the embedding table; of the actions [rows, horizon, action], int32 `base`,
 * `lower` and `upper`, and `scale` and `offset`, as `relaxActions` makes them. Outputs: `score` [rows], `gradients` [rows,
 * horizon, action], and where they count `logProbabilities` [rows, horizon].
 */
export function relaxedProgram(fitted: FittedModel, plan: Omit<RelaxedPlan, "middles">): TensorProgram {
  const shape = [plan.rows, plan.horizon, plan.sizes.action] as const;
  return {
    name: "plan-relaxed",
    state: specsOf(fitted.weights),
    inputs: {
      context: int32(plan.context),
      base: int32(...shape),
      lower: int32(...shape),
      upper: int32(...shape),
      scale: float32(...shape),
      offset: float32(...shape),
    },
    noise: {},
    fn: (tensors) => outputsOf(fitted, plan, tensors),
  };
}

function outputsOf(fitted: FittedModel, plan: Omit<RelaxedPlan, "middles">, tensors: Params): Record<string, Tensor> {
  const { architecture } = fitted;
  const network = isLstm(architecture) ? softLstm(tensors, architecture) : softTransformer(tensors, architecture);
  const middles = rewardMiddles(fitted);
  const hot = (name: string): Tensor => tf.cast(tf.oneHot(tensors[name]!, network.vocabulary), "float32");
  const line = tf.mul(tf.expandDims(tensors.scale!, -1), tf.sub(hot("upper"), hot("lower")));
  const base = hot("base");
  const { gradients, extras } = differentiate({ offset: tensors.offset! }, ({ offset }) => {
    const actions = tf.add(base, tf.mul(tf.expandDims(offset!, -1), line));
    const found = rollOut(network, { ...plan, middles }, tensors.context!, actions);
    // Each score depends on its own plan alone, so the sum's gradient is every score's own.
    return { loss: tf.sum(found.score), extras: { ...found } };
  });
  return { ...extras, gradients: gradients.offset! };
}

/** Middles of the bins of reward and value, [2, bins]. */
function rewardMiddles({ discretiser, sizes }: FittedModel): Tensor {
  const { bins } = discretiser;
  const from = (sizes.observation + sizes.action) * bins;
  return tf.tensor2d(Float32Array.from(centresOf(discretiser).subarray(from, from + 2 * bins)), [2, bins]);
}
