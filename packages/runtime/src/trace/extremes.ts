import * as tf from "@tensorflow/tfjs";
import type { Value } from "../graph/graph.js";
import { type KernelCall, reshaped, type TracedKernel, UntraceableError } from "./context.js";

/** Up to this many slices along an axis are compared pairwise. */
const FEW = 16;

/**
 * Maximum or minimum over axes that hands NaN on, as TensorFlow.js does; onnxruntime's ReduceMax and ReduceMin skip it,
 * its Max and Min of two tensors do not.
 */
export const extreme =
  (kind: "Max" | "Min"): TracedKernel =>
  (call) => {
    const x = call.input("x");
    const axes = tf.util.parseAxisParam((call.attributes.reductionIndices ?? call.attributes.axis) as number[], [
      ...x.shape,
    ]);
    if (axes.length === 0) return x;
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const shape = call.attributes.keepDims === true ? kept : kept.filter((_, axis) => !axes.includes(axis));
    const [axis] = axes;
    const few = axes.length === 1 && x.shape[axis!]! <= FEW;
    const reduce = x.dtype !== "float32" ? reduced : few ? pairwise : masked;
    return reshaped(call.builder, reduce(call, x, axes, kind), shape);
  };

function pairwise(call: KernelCall, x: Value, axes: readonly number[], kind: "Max" | "Min"): Value {
  const axis = axes[0]!;
  const count = x.shape[axis]!;
  if (count === 0) throw new UntraceableError("an axis without elements");
  if (count === 1) return x;
  const part = { dtype: x.dtype, shape: x.shape.map((size, i) => (i === axis ? 1 : size)) };
  const sizes = call.builder.int64(new Array<number>(count).fill(1));
  const parts = call.builder.nodes_("Split", [x, sizes], new Array(count).fill(part), { attributes: { axis } });
  return parts.reduce((best, next) => call.node(kind, [best, next], x.dtype, part.shape));
}

function reduced({ node }: KernelCall, x: Value, axes: readonly number[], kind: "Max" | "Min"): Value {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return node(`Reduce${kind}`, [x], x.dtype, shape, { attributes: { axes, keepdims: 1 } });
}

function masked(call: KernelCall, x: Value, axes: readonly number[], kind: "Max" | "Min"): Value {
  const { node, builder } = call;
  const missing = node("IsNaN", [x], "bool", x.shape);
  const marks = node("Cast", [missing], "float32", x.shape, { attributes: { to: 1 } });
  const found = reduced(call, marks, axes, "Max");
  const any = node("Greater", [found, builder.scalar(0)], "bool", found.shape);
  return node("Where", [any, builder.scalar(Number.NaN), reduced(call, x, axes, kind)], x.dtype, found.shape);
}
