import { linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import { gelu } from "./gelu.js";
import { layerNorm } from "./layer-norm.js";
import type { BlockWeights } from "./weights.js";

/** A block's second half: norm, and two layers with a GELU between them; rows [rows, embedding]. */
export const feedForward = (rows: Tensor, { forwardNorm, up, down }: BlockWeights): Tensor =>
  linear(gelu(linear(layerNorm(rows, forwardNorm), up)), down);
