import { type Layer, linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { gelu, scaledGelu } from "./gelu.js";
import { layerNorm, normIntoLinear, standardise } from "./layer-norm.js";
import type { BlockWeights } from "./weights.js";

/** A block's second half: norm, and two layers with a GELU between them; rows [rows, embedding]. */
export const feedForward = (rows: Tensor, { forwardNorm, up, down }: BlockWeights): Tensor =>
  linear(gelu(linear(layerNorm(rows, forwardNorm), up)), down);

/** {@link feedForward} in the form that is cheapest to differentiate: constants go into weights, not over rows. */
export const differentiableFeedForward = (rows: Tensor, weights: BlockWeights): Tensor =>
  feedForwardBy(rows, feedForwardLayers(weights));

/** Both layers with the norm and constants in their weights. */
export interface FeedForwardLayers {
  readonly up: Layer;
  readonly down: Layer;
}

export const feedForwardLayers = ({ forwardNorm, up, down }: BlockWeights): FeedForwardLayers => ({
  // Over sqrt(2), as scaledGelu takes it.
  up: normIntoLinear(forwardNorm, { weight: tf.mul(up.weight, Math.SQRT1_2), bias: tf.mul(up.bias, Math.SQRT1_2) }),
  down: { weight: tf.mul(down.weight, Math.SQRT1_2), bias: down.bias },
});

/** A block's second half by {@link feedForwardLayers}. */
export const feedForwardBy = (rows: Tensor, { up, down }: FeedForwardLayers): Tensor =>
  linear(scaledGelu(linear(standardise(rows), up)), down);
