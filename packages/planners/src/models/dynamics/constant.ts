import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/**
 * What `fn` computes, as a constant to differentiation.
 *
 * TensorFlow.js has no way to stop a gradient, and comparisons have none: on the way of one they throw. What a custom
 * gradient's forward function computes beside its value is on no tape.
 */
export function constant(fn: () => Tensor): Tensor {
  let found: Tensor | undefined;
  const computed = tf.customGrad((through: unknown) => {
    found = tf.keep(fn());
    return { value: tf.clone(through as Tensor), gradFunc: (dy: Tensor) => dy };
  });
  computed(tf.scalar(0));
  const copy = tf.clone(found!);
  found!.dispose();
  return copy;
}
