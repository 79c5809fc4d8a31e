import { sizeOf, zeros } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import type { GraphType, Value } from "../graph/graph.js";
import { type KernelCall, reshaped, type TracedKernel, UntraceableError } from "./context.js";

const axisOf = (attribute: unknown, rank: number): number => {
  const axis = Number(attribute);
  return axis < 0 ? axis + rank : axis;
};

/** x[begin : begin + size] */
export function sliced(
  { builder, node }: KernelCall,
  x: Value,
  begin: readonly number[],
  size: readonly number[],
): Value {
  const axes = size.map((_, axis) => axis).filter((axis) => begin[axis] !== 0 || size[axis] !== x.shape[axis]);
  if (axes.length === 0) return x;
  const starts = axes.map((axis) => begin[axis]!);
  const ends = axes.map((axis) => begin[axis]! + size[axis]!);
  return node("Slice", [x, builder.int64(starts), builder.int64(ends), builder.int64(axes)], x.dtype, size);
}

const reshape: TracedKernel = ({ input, builder, attributes }) => {
  const x = input("x");
  return reshaped(builder, x, tf.util.inferFromImplicitShape(attributes.shape as number[], sizeOf(x.shape)));
};

const expandDims: TracedKernel = ({ input, builder, attributes }) => {
  const x = input("input");
  const shape = [...x.shape];
  const dim = Number(attributes.dim);
  shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
  return reshaped(builder, x, shape);
};

const transpose: TracedKernel = ({ input, node, attributes }) => {
  const x = input("x");
  const perm = attributes.perm as number[];
  return node(
    "Transpose",
    [x],
    x.dtype,
    perm.map((axis) => x.shape[axis]!),
    { attributes: { perm } },
  );
};

const slice: TracedKernel = (call) => {
  const x = call.input("x");
  const like = { shape: [...x.shape] } as unknown as tf.TensorInfo;
  const { begin, size } = call.attributes as { begin: number[]; size: number[] };
  const [start, extent] = tf.slice_util.parseSliceParams(like as tf.Tensor, begin, size);
  tf.slice_util.assertParamsValid(like as tf.Tensor, start!, extent!);
  return sliced(call, x, start!, extent!);
};

const stridedSlice: TracedKernel = (call) => {
  const { input, node, builder, attributes } = call;
  const x = input("x");
  const a = attributes as Record<"begin" | "end" | "strides", number[]> & Record<string, number>;
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask!,
    a.endMask!,
    a.ellipsisMask!,
    a.newAxisMask!,
    a.shrinkAxisMask!,
  );
  const axes = info.begin.map((_, axis) => axis);
  const extents = info.begin.map((begin, axis) =>
    Math.max(0, Math.ceil((info.end[axis]! - begin) / info.strides[axis]!)),
  );
  // Going backwards, an end of -1 is before the first element; ONNX would take it for the last.
  const ends = info.end.map((end, axis) => (end < 0 && info.strides[axis]! < 0 ? Number.MIN_SAFE_INTEGER : end));
  const parts = [info.begin, ends, axes, info.strides].map((list) => builder.int64(list));
  return reshaped(builder, node("Slice", [x, ...parts], x.dtype, extents), info.finalShape);
};

const concat: TracedKernel = ({ inputs, node, attributes }) => {
  const list = inputs().filter((value) => sizeOf(value.shape) > 0);
  const [first] = list;
  if (first === undefined) throw new UntraceableError("all parts are empty");
  const axis = axisOf(attributes.axis, first.shape.length);
  if (list.length === 1) return first;
  assertAlike(list, axis);
  const shape = [...first.shape];
  shape[axis] = list.reduce((total, value) => total + value.shape[axis]!, 0);
  return node("Concat", list, first.dtype, shape, { attributes: { axis } });
};

/** onnxruntime says so late, or not at all. */
function assertAlike(values: readonly Value[], besides?: number): void {
  const [first, ...others] = values.map(({ shape }) => shape.filter((_, axis) => axis !== besides));
  for (const other of others) tf.util.assertShapesMatch([...first!], other, "Tensors that are joined: ");
}

const pack: TracedKernel = (call) => {
  const values = call.inputs();
  assertAlike(values);
  const axis = axisOf(call.attributes.axis, values[0]!.shape.length + 1);
  const shape = [...values[0]!.shape];
  shape.splice(axis, 0, 1);
  const rows = values.map((value) => reshaped(call.builder, value, shape));
  const out = [...shape];
  out[axis] = rows.length;
  return rows.length === 1 ? rows[0]! : call.node("Concat", rows, rows[0]!.dtype, out, { attributes: { axis } });
};

function split(call: KernelCall, x: Value, sizes: readonly number[], axis: number): Value[] {
  const outputs = sizes.map((size) => ({
    dtype: x.dtype,
    shape: x.shape.map((extent, i) => (i === axis ? size : extent)),
  }));
  if (sizes.length === 1) return [x];
  return [...call.builder.nodes_("Split", [x, call.builder.int64(sizes)], outputs, { attributes: { axis } })];
}

const splitV: TracedKernel = (call) => {
  const x = call.input("x");
  const axis = axisOf(call.attributes.axis, x.shape.length);
  const like = { shape: [...x.shape] } as unknown as tf.Tensor;
  const sizes = tf.backend_util.prepareSplitSize(like, call.attributes.numOrSizeSplits as number[], axis);
  return split(call, x, sizes, axis);
};

const unpack: TracedKernel = (call) => {
  const x = call.input("value");
  const axis = axisOf(call.attributes.axis, x.shape.length);
  const parts = split(call, x, new Array<number>(x.shape[axis]!).fill(1), axis);
  const shape = x.shape.filter((_, i) => i !== axis);
  return parts.map((part) => reshaped(call.builder, part, shape));
};

const pad: TracedKernel = ({ input, node, builder, attributes }) => {
  const x = input("x");
  const paddings = attributes.paddings as [number, number][];
  const amounts = builder.int64([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const shape = x.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
  const value = Number(attributes.constantValue ?? 0);
  // The value has the type of what is padded.
  const filling = x.dtype === "int32" ? builder.constant(Int32Array.of(value), "int32", []) : builder.scalar(value);
  return node("Pad", [x, amounts, filling], x.dtype, shape);
};

const tile: TracedKernel = ({ input, node, builder, attributes }) => {
  const x = input("x");
  const reps = attributes.reps as number[];
  return node(
    "Tile",
    [x, builder.int64(reps)],
    x.dtype,
    x.shape.map((size, i) => size * reps[i]!),
  );
};

const broadcastTo: TracedKernel = ({ input, node, builder, attributes }) => {
  const x = input("x");
  const shape = attributes.shape as number[];
  return node("Expand", [x, builder.int64(shape)], x.dtype, shape);
};

const reverse: TracedKernel = ({ input, node, builder, attributes }) => {
  const x = input("x");
  const axes = tf.util.parseAxisParam(attributes.dims as number[], [...x.shape]);
  const all = (value: number) => builder.int64(axes.map(() => value));
  return node("Slice", [x, all(-1), all(Number.MIN_SAFE_INTEGER), builder.int64(axes), all(-1)], x.dtype, x.shape);
};

const filled = ({ builder }: KernelCall, shape: readonly number[], dtype: GraphType, value: number): Value => {
  const { data } = zeros({ dtype: dtype === "int64" ? "int32" : dtype, shape });
  return builder.constant(data.fill(value), dtype, shape);
};

const range: TracedKernel = ({ builder, attributes }) => {
  const { start, stop, step, dtype } = attributes as {
    start: number;
    stop: number;
    step: number;
    dtype: "float32" | "int32";
  };
  const count = Math.max(0, Math.ceil((stop - start) / step));
  const values = Array.from({ length: count }, (_, i) => start + i * step);
  return builder.constant(dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values), dtype, [count]);
};

export const shapes: Readonly<Record<string, TracedKernel>> = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Slice: slice,
  StridedSlice: stridedSlice,
  Concat: concat,
  Pack: pack,
  SplitV: splitV,
  Unpack: unpack,
  PadV2: pad,
  Tile: tile,
  BroadcastTo: broadcastTo,
  Reverse: reverse,
  ZerosLike: (call) => filled(call, call.input("x").shape, call.input("x").dtype, 0),
  OnesLike: (call) => filled(call, call.input("x").shape, call.input("x").dtype, 1),
  Fill: (call) =>
    filled(
      call,
      call.attributes.shape as number[],
      (call.attributes.dtype as GraphType) ?? "float32",
      Number(call.attributes.value),
    ),
  Range: range,
};
