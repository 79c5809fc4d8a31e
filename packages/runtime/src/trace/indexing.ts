import { sizeOf, zeros } from "@lowerbound/core";
import type { GraphType, Value } from "../graph/graph.js";
import { type KernelCall, reshaped, type TracedKernel, UntraceableError } from "./context.js";

/** Elements of x at rows of indices: x[indices[..., 0], indices[..., 1], ...]. */
const gatherNd: TracedKernel = (call) => {
  const [x, indices] = [call.input("params"), call.input("indices")];
  const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1)!)];
  return call.node("GatherND", [x, asInt64(call, indices)], x.dtype, shape);
};

const asInt64 = ({ node }: KernelCall, x: Value): Value =>
  node("Cast", [x], "int64", x.shape, { attributes: { to: 7 } });

/** Updates written, or added, into a tensor at rows of indices. */
function scatter(call: KernelCall, into: Value, indices: Value, updates: Value, reduction: string): Value {
  const attributes = { reduction: { text: reduction } };
  return call.node("ScatterND", [into, asInt64(call, indices), updates], into.dtype, into.shape, { attributes });
}

/** Duplicate indices add up, as in TensorFlow. */
const scatterNd: TracedKernel = (call) => {
  const updates = call.input("updates");
  const shape = call.attributes.shape as number[];
  return scatter(call, blank(call, updates.dtype, shape), call.input("indices"), updates, "add");
};

function blank({ builder }: KernelCall, dtype: GraphType, shape: readonly number[]): Value {
  return builder.constant(zeros({ dtype: dtype === "int64" ? "int32" : dtype, shape }).data, dtype, shape);
}

const scatterUpdate: TracedKernel = (call) =>
  scatter(call, call.input("tensor"), call.input("indices"), call.input("updates"), "none");

/** Gather with leading axes in common: rows of the flattened tensor, each batch's indices moved by its offset. */
export function gatherBatched(call: KernelCall, x: Value, indices: Value, axis: number, batchDims: number): Value {
  if (axis !== batchDims) throw new UntraceableError("batchDims other than the axis");
  const { node, builder } = call;
  const batch = x.shape.slice(0, batchDims);
  const [size, batches] = [x.shape[axis]!, sizeOf(batch)];
  const perBatch = sizeOf(indices.shape) / batches;
  const offsets = builder.constant(
    Int32Array.from({ length: batches }, (_, i) => i * size),
    "int32",
    [batches, 1],
  );
  const rows = node("Add", [reshaped(builder, indices, [batches, perBatch]), offsets], "int32", [batches, perBatch]);
  const rest = x.shape.slice(axis + 1);
  const table = reshaped(builder, x, [batches * size, ...rest]);
  const picked = node("Gather", [table, rows], x.dtype, [batches, perBatch, ...rest], { attributes: { axis: 0 } });
  return reshaped(builder, picked, [...batch, ...indices.shape.slice(batchDims), ...rest]);
}

const linSpace: TracedKernel = ({ builder, attributes }) => {
  const { start, stop, num } = attributes as { start: number; stop: number; num: number };
  const step = num > 1 ? (stop - start) / (num - 1) : 0;
  const values = Float32Array.from({ length: num }, (_, i) => start + i * step);
  return builder.constant(values, "float32", [num]);
};

const mirrorPad: TracedKernel = (call) => {
  const { input, node, builder, attributes } = call;
  if (attributes.mode !== "reflect") throw new UntraceableError("modes other than reflect");
  const x = input("x");
  const paddings = attributes.paddings as [number, number][];
  const amounts = builder.int64([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const shape = x.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
  return node("Pad", [x, amounts], x.dtype, shape, { attributes: { mode: { text: "reflect" } } });
};

const einsum: TracedKernel = ({ inputs, node, attributes }) => {
  const equation = String(attributes.equation).replaceAll(" ", "");
  const values = inputs();
  const [from, to] = equation.split("->") as [string, string];
  const letters = from
    .split(",")
    .flatMap((term, i) => [...term].map((letter, axis) => [letter, values[i]!.shape[axis]!] as const));
  const sizes = new Map(letters);
  const odd = letters.find(([letter, size]) => size !== sizes.get(letter));
  if (odd !== undefined) throw new Error(`Einsum ${equation}: ${odd[0]} is both ${odd[1]} and ${sizes.get(odd[0])}`);
  const shape = [...to].map((letter) => sizes.get(letter)!);
  return node("Einsum", values, values[0]!.dtype, shape, { attributes: { equation: { text: equation } } });
};

export const indexing: Readonly<Record<string, TracedKernel>> = {
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: scatterUpdate,
  LinSpace: linSpace,
  MirrorPad: mirrorPad,
  Einsum: einsum,
};
