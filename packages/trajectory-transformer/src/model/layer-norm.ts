import { type Layer, linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

export interface Norm {
  readonly scale: Tensor;
  readonly offset: Tensor;
}

const EPSILON = 1e-5;

/**
 * x [..., width] of mean 0 and variance 1 over the last axis (Ba et al. 2016), epsilon 1e-5.
 *
 * The gradient is written by hand, (dy - mean(dy) - y mean(dy y)) / std: fewer passes over memory than the chain rule.
 */
export const standardise: (x: Tensor) => Tensor = tf.customGrad((x, save) => {
  if (!(x instanceof tf.Tensor) || typeof save !== "function") throw new TypeError("standardise takes one tensor");
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON));
  const value = tf.mul(centred, scale);
  save([value, scale]);
  return {
    value,
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [y, inverse] = saved as [Tensor, Tensor];
      const along = tf.mean(tf.mul(dy, y), -1, true);
      return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), tf.mul(y, along)), inverse);
    },
  };
});

/** Layer norm over the last axis. */
export const layerNorm = (x: Tensor, { scale, offset }: Norm): Tensor => tf.add(tf.mul(standardise(x), scale), offset);

/**
 * A linear layer on the norm of rows [rows, width], scale and offset put into its weights: what rows are passed over for
 * in {@link layerNorm}, and for their gradients, weights are instead.
 */
export const normThenLinear = (rows: Tensor, norm: Norm, layer: Layer): Tensor =>
  linear(standardise(rows), normIntoLinear(norm, layer));

/** A linear layer with the scale and offset of the norm before it in its weights. */
export function normIntoLinear({ scale, offset }: Norm, { weight, bias }: Layer): Layer {
  const width = scale.size;
  return {
    weight: tf.mul(weight, tf.reshape(scale, [width, 1])),
    bias: tf.add(tf.reshape(tf.matMul(tf.reshape(offset, [1, width]), weight), [-1]), bias),
  };
}
