import { float32, int32, type Params, specsOf, type TensorProgram } from "@lowerbound/core";
import { differentiate } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { centresOf } from "../discretise/discretiser.js";
import { vocabularyOf } from "../model/architecture.js";
import { isLstm, type NetworkShape } from "../model/networks.js";
import type { FittedModel } from "../planning/fitted.js";
import { softLstm } from "./lstm.js";
import { type RelaxedPlan, rollOut } from "./roll-out.js";
import { softTransformer } from "./transformer.js";

/**
 * Scores of relaxed plans and their gradients by the actions, as one program.
 *
 * Inputs: `context` int32 [context], rows of the embedding table; `weights` and `slopes` [rows, horizon, action, vocabulary]
 * as `relaxActions` makes them. Outputs: `score` [rows], `gradients` [rows, horizon, action], and where they count
 * `logProbabilities` [rows, horizon].
 */
export function relaxedProgram(fitted: FittedModel<NetworkShape>, plan: Omit<RelaxedPlan, "middles">): TensorProgram {
  const shape = [plan.rows, plan.horizon, plan.sizes.action, vocabularyOf(fitted.architecture)] as const;
  return {
    name: "plan-relaxed",
    state: specsOf(fitted.weights),
    inputs: {
      context: int32(plan.context),
      weights: float32(...shape),
      slopes: float32(...shape),
    },
    noise: {},
    fn: (tensors) => outputsOf(fitted, plan, tensors),
  };
}

function outputsOf(
  fitted: FittedModel<NetworkShape>,
  plan: Omit<RelaxedPlan, "middles">,
  tensors: Params,
): Record<string, Tensor> {
  const { architecture } = fitted;
  const network = isLstm(architecture) ? softLstm(tensors, architecture) : softTransformer(tensors, architecture);
  const middles = rewardMiddles(fitted);
  const still = tf.zeros([plan.rows, plan.horizon, plan.sizes.action, 1]);
  const { gradients, extras } = differentiate({ moved: still }, ({ moved }) => {
    const actions = tf.add(tensors.weights!, tf.mul(moved!, tensors.slopes!));
    const found = rollOut(network, { ...plan, middles }, tensors.context!, actions);
    // Each score depends on its own plan alone, so the sum's gradient is every score's own.
    return { loss: tf.sum(found.score), extras: { ...found } };
  });
  return { ...extras, gradients: tf.squeeze(gradients.moved!, [3]) };
}

/** Middles of the bins of reward and value, [2, bins]. */
function rewardMiddles({ discretiser, sizes }: FittedModel<NetworkShape>): Tensor {
  const { bins } = discretiser;
  const from = (sizes.observation + sizes.action) * bins;
  return tf.tensor2d(Float32Array.from(centresOf(discretiser).subarray(from, from + 2 * bins)), [2, bins]);
}
