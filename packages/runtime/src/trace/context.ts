import type * as tf from "@tensorflow/tfjs";
import type { Builder, NodeOptions } from "../graph/builder.js";
import type { GraphType, Value } from "../graph/graph.js";
import type { TraceBackend } from "./backend.js";

type Inputs = Readonly<Record<string, tf.TensorInfo | readonly tf.TensorInfo[] | undefined>>;

/** A case that a traced kernel does not know. */
export class UntraceableError extends Error {}

/** What a traced kernel works with. */
export interface KernelCall {
  readonly builder: Builder;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The value of a named input. */
  input(name: string): Value;
  has(name: string): boolean;
  /** The values of a list input, in order. */
  inputs(): readonly Value[];
  node(
    op: string,
    from: readonly (Value | undefined)[],
    dtype: GraphType,
    shape: readonly number[],
    options?: NodeOptions,
  ): Value;
}

/** Records one kernel: values in, value (or values) out. */
export type TracedKernel = (call: KernelCall) => Value | readonly Value[];

export function kernelCall(
  backend: TraceBackend,
  inputs: Inputs,
  attributes: Readonly<Record<string, unknown>>,
): KernelCall {
  const { builder } = backend;
  const of = (info: tf.TensorInfo): Value => reshaped(builder, backend.value(info.dataId), info.shape);
  return {
    builder,
    attributes,
    input: (name) => of(inputs[name] as tf.TensorInfo),
    has: (name) => inputs[name] !== undefined,
    inputs: () => Object.values(inputs as Record<string, tf.TensorInfo>).map(of),
    node: (op, from, dtype, shape, options) => builder.node(op, from, { dtype, shape }, options),
  };
}

/** Reshape where TensorFlow.js shares one value between tensors of different shapes. */
export function reshaped(builder: Builder, value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  if (value.constant !== undefined) return builder.constant(value.constant, value.dtype, shape);
  return builder.node("Reshape", [value, builder.int64(shape)], { dtype: value.dtype, shape });
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);
