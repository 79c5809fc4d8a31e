import { type Layer, linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { gelu, scaledGelu } from "./gelu.js";
import { layerNorm, normThenLinear } from "./layer-norm.js";
import type { BlockWeights } from "./weights.js";

/** A block's second half: norm, and two layers with a GELU between them; rows [rows, embedding]. */
export const feedForward = (rows: Tensor, { forwardNorm, up, down }: BlockWeights): Tensor =>
  linear(gelu(linear(layerNorm(rows, forwardNorm), up)), down);

/** {@link feedForward} in the form that is cheapest to differentiate: constants go into weights, not over rows. */
export function differentiableFeedForward(rows: Tensor, { forwardNorm, up, down }: BlockWeights): Tensor {
  const opened = scaledGelu(normThenLinear(rows, forwardNorm, scaled(up)));
  return linear(opened, { weight: tf.mul(down.weight, Math.SQRT1_2), bias: down.bias });
}

/** A layer whose outcome is over sqrt(2), as {@link scaledGelu} takes it. */
export const scaled = ({ weight, bias }: Layer): Layer => ({
  weight: tf.mul(weight, Math.SQRT1_2),
  bias: tf.mul(bias, Math.SQRT1_2),
});
