import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** A linear layer, or one a member: weight [in, out], bias [1, out]; or [members, in, out] and [members, 1, out]. */
export interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

export type Activation = (x: Tensor) => Tensor;

/** x weight + bias: [batch, in] -> [batch, out], or with members [members, batch, in] -> [members, batch, out]. */
export const linear = (x: Tensor, { weight, bias }: Layer): Tensor => tf.add(tf.matMul(x, weight), bias);

/**
 * A multi-layer perceptron, or as many as `members`, in one product a layer: activation after every layer but the
 * last.
 *
 * x [batch, in] or [members, batch, in] -> [batch, out] or [members, batch, out].
 */
export function mlp(x: Tensor, layers: readonly Layer[], activation: Activation): Tensor {
  return layers.reduce((hidden, layer, index) => {
    const out = linear(hidden, layer);
    return index < layers.length - 1 ? activation(out) : out;
  }, x);
}

/** The same rows for every member: [batch, dim] -> [members, batch, dim]; gradients of a product need it tiled. */
export const tileMembers = (x: Tensor, members: number): Tensor => tf.tile(tf.expandDims(x, 0), [members, 1, 1]);
