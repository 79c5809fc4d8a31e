import type { Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

export interface Differentiated<Extras extends Params> {
  /** Scalar. */
  readonly loss: Tensor;
  readonly gradients: Record<string, Tensor>;
  /** What the loss function handed out beside its loss. */
  readonly extras: Extras;
}

/**
 * A scalar loss, its gradients by a record of parameters, and tensors met on the way.
 *
 * TensorFlow.js frees everything made inside a differentiated function but its value; `extras` outlive it here.
 */
export function differentiate<Extras extends Params>(
  parameters: Params,
  fn: (parameters: Params) => { readonly loss: Tensor; readonly extras: Extras },
): Differentiated<Extras> {
  const names = Object.keys(parameters);
  const kept = new Map<string, Tensor>();
  const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => {
    const { loss, extras } = fn(Object.fromEntries(names.map((name, index) => [name, tensors[index]!])));
    for (const [name, tensor] of Object.entries(extras)) kept.set(name, tf.keep(tf.clone(tensor)));
    return asScalar(loss);
  })(names.map((name) => parameters[name]!));
  const extras = Object.fromEntries([...kept].map(([name, tensor]) => [name, release(tensor)]));
  const gradients = Object.fromEntries(names.map((name, index) => [name, grads[index]!]));
  return { loss: value, gradients, extras: extras as Extras };
}

const asScalar = (loss: Tensor): tf.Scalar => tf.reshape(loss, []);

function release(tensor: Tensor): Tensor {
  const copy = tf.clone(tensor);
  tensor.dispose();
  return copy;
}
