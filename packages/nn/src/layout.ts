import {
  float32,
  type HostTensor,
  type HostTensors,
  hostFloat32,
  type Params,
  type Specs,
  sizeOf,
  type TensorSpec,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** Where each tensor of a record lies in one flat vector, in the order of the keys. */
export interface Layout {
  readonly specs: Specs;
  readonly size: number;
}

export const layoutOf = (specs: Specs): Layout => ({
  specs,
  size: Object.values(specs).reduce((total, { shape }) => total + sizeOf(shape), 0),
});

/** Spec of the flat vector. */
export const flatSpec = ({ size }: Layout): TensorSpec => float32(size);

/** Cut a flat vector [size] into its tensors. */
export function unflatten(flat: Tensor, { specs }: Layout): Record<string, Tensor> {
  let offset = 0;
  const entries = Object.entries(specs).map(([name, { shape }]): [string, Tensor] => {
    const size = sizeOf(shape);
    const piece = tf.reshape(tf.slice(flat, [offset], [size]), [...shape]);
    offset += size;
    return [name, piece];
  });
  return Object.fromEntries(entries);
}

/** Join tensors to one flat vector [size]. */
export const flatten = (params: Params, { specs }: Layout): Tensor =>
  tf.concat(Object.keys(specs).map((name) => tf.reshape(params[name]!, [-1])));

/** {@link flatten} in host memory. */
export function flattenHost(tensors: HostTensors, { specs, size }: Layout): HostTensor {
  const data = new Float32Array(size);
  let offset = 0;
  for (const [name, { shape }] of Object.entries(specs)) {
    data.set(tensors[name]!.data, offset);
    offset += sizeOf(shape);
  }
  return hostFloat32(data, size);
}

/** {@link unflatten} in host memory; the pieces are copies. */
export function unflattenHost(flat: Float32Array, { specs }: Layout): HostTensors {
  let offset = 0;
  const entries = Object.entries(specs).map(([name, { shape }]) => {
    const end = offset + sizeOf(shape);
    const piece = hostFloat32(flat.slice(offset, end), ...shape);
    offset = end;
    return [name, piece] as const;
  });
  return Object.fromEntries(entries);
}
