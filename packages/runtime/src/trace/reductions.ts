import * as tf from "@tensorflow/tfjs";
import type { Value } from "../graph/graph.js";
import { cast, ONNX_TYPE } from "./cast.js";
import { type KernelCall, reshaped, type TracedKernel } from "./context.js";
import { extreme } from "./extremes.js";
import { gatherBatched } from "./indexing.js";

function axesOf(call: KernelCall, x: Value, name: string): number[] {
  const axis = call.attributes[name] as number | number[];
  return tf.util.parseAxisParam(axis, [...x.shape]);
}

/** Reduction over axes; opset 17 has ReduceSum's axes as an input, the others' as an attribute. */
function reduced(call: KernelCall, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  if (axes.length === 0) return x;
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const shape = keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
  const keepdims = keepDims ? 1 : 0;
  if (op === "ReduceSum") {
    return call.node(op, [x, call.builder.int64(axes)], x.dtype, shape, { attributes: { keepdims } });
  }
  return call.node(op, [x], x.dtype, shape, { attributes: { axes, keepdims } });
}

const reduction =
  (op: string): TracedKernel =>
  (call) => {
    const x = call.input("x");
    return reduced(call, op, x, axesOf(call, x, "axis"), call.attributes.keepDims === true);
  };

/** Of whole numbers and truth values too a fraction, as in TensorFlow.js. */
const mean: TracedKernel = (call) => {
  const x = call.input("x");
  const numbers = cast(call, x, "float32");
  return reduced(call, "ReduceMean", numbers, axesOf(call, x, "axis"), call.attributes.keepDims === true);
};

const logical =
  (op: string): TracedKernel =>
  (call) => {
    const x = call.input("x");
    const numbers = call.node("Cast", [x], "int32", x.shape, { attributes: { to: 6 } });
    const result = reduced(call, op, numbers, axesOf(call, x, "axis"), call.attributes.keepDims === true);
    return call.node("Cast", [result], "bool", result.shape, { attributes: { to: 9 } });
  };

const extremeIndex =
  (op: string): TracedKernel =>
  (call) => {
    const x = call.input("x");
    const axis = axesOf(call, x, "axis")[0]!;
    const shape = x.shape.filter((_, i) => i !== axis);
    const index = call.node(op, [x], "int64", shape, { attributes: { axis, keepdims: 0 } });
    return call.node("Cast", [index], "int32", shape, { attributes: { to: 6 } });
  };

const softmax =
  (op: string, name: string): TracedKernel =>
  ({ input, node, attributes }) => {
    const x = input("logits");
    const axis = Number(attributes[name] ?? -1);
    return node(op, [x], x.dtype, x.shape, { attributes: { axis } });
  };

const cumsum: TracedKernel = (call) => {
  const x = call.input("x");
  const axis = axesOf(call, x, "axis")[0]!;
  const { exclusive, reverse } = call.attributes;
  const attributes = { exclusive: exclusive === true ? 1 : 0, reverse: reverse === true ? 1 : 0 };
  const where = call.builder.constant(BigInt64Array.of(BigInt(axis)), "int64", []);
  return call.node("CumSum", [x, where], x.dtype, x.shape, { attributes });
};

/** Products over the last two axes, batch axes broadcast. */
const matMul: TracedKernel = ({ input, node, attributes }) => {
  const [a, b] = [input("a"), input("b")];
  const [transA, transB] = [attributes.transposeA === true, attributes.transposeB === true];
  const rows = a.shape.at(transA ? -1 : -2)!;
  const columns = b.shape.at(transB ? -2 : -1)!;
  const [inner, other] = [a.shape.at(transA ? -2 : -1), b.shape.at(transB ? -1 : -2)];
  if (inner !== other) throw new Error(`Rows of ${inner} entries times columns of ${other}`);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const options = { domain: "com.microsoft", attributes: { transA: transA ? 1 : 0, transB: transB ? 1 : 0 } } as const;
  return node("FusedMatMul", [a, b], a.dtype, [...batch, rows, columns], options);
};

const gather: TracedKernel = (call) => {
  const { input, node, attributes } = call;
  const [x, indices] = [input("x"), input("indices")];
  const axis = tf.util.parseAxisParam(attributes.axis as number, [...x.shape])[0]!;
  const batchDims = Number(attributes.batchDims ?? 0);
  if (batchDims !== 0) return gatherBatched(call, x, indices, axis, batchDims);
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return node("Gather", [x, indices], x.dtype, shape, { attributes: { axis } });
};

/** True at each index, bool [...indices, depth]; comparisons cost less than onnxruntime's OneHot. */
function hits({ node, builder }: KernelCall, indices: Value, depth: number): Value {
  const places = builder.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    "int32",
    [depth],
  );
  return node("Equal", [reshaped(builder, indices, [...indices.shape, 1]), places], "bool", [...indices.shape, depth]);
}

/** One row of zeros and a one for each index, [...indices, depth]. */
function hotRows(call: KernelCall, indices: Value, depth: number): Value {
  const hit = hits(call, indices, depth);
  return call.node("Cast", [hit], "float32", hit.shape, { attributes: { to: 1 } });
}

/** Sum of rows by segment: the gradient of a gather; a product with one-hot rows adds in a fixed order. */
const segmentSum: TracedKernel = (call) => {
  const { input, node, builder } = call;
  const [x, segments] = [cast(call, input("x"), "float32"), input("segmentIds")];
  const count = Number(call.attributes.numSegments);
  const rows = x.shape[0]!;
  const width = x.shape.slice(1).reduce((product, size) => product * size, 1);
  const sums = node(
    "FusedMatMul",
    [hotRows(call, segments, count), reshaped(builder, x, [rows, width])],
    "float32",
    [count, width],
    {
      domain: "com.microsoft",
      attributes: { transA: 1, transB: 0 },
    },
  );
  return reshaped(builder, sums, [count, ...x.shape.slice(1)]);
};

const oneHot: TracedKernel = (call) => {
  const { attributes, node, builder } = call;
  const [indices, depth] = [call.input("indices"), Number(attributes.depth)];
  const [off, on] = [Number(attributes.offValue ?? 0), Number(attributes.onValue ?? 1)];
  const chosen = (hit: Value): Value =>
    node("Where", [hit, builder.scalar(on), builder.scalar(off)], "float32", hit.shape);
  const rows = off === 0 && on === 1 ? hotRows(call, indices, depth) : chosen(hits(call, indices, depth));
  const dtype = (attributes.dtype as "float32" | "int32" | undefined) ?? "int32";
  return dtype === "float32" ? rows : node("Cast", [rows], dtype, rows.shape, { attributes: { to: ONNX_TYPE[dtype] } });
};

const topK: TracedKernel = (call) => {
  const x = call.input("x");
  const k = Number(call.attributes.k);
  const shape = [...x.shape.slice(0, -1), k];
  const outputs = [
    { dtype: x.dtype, shape },
    { dtype: "int64" as const, shape },
  ];
  const [values, indices] = call.builder.nodes_("TopK", [x, call.builder.int64([k])], outputs, {
    attributes: { axis: -1 },
  });
  return [values!, call.node("Cast", [indices], "int32", shape, { attributes: { to: 6 } })];
};

export const reductions: Readonly<Record<string, TracedKernel>> = {
  Sum: reduction("ReduceSum"),
  Mean: mean,
  Max: extreme("Max"),
  Min: extreme("Min"),
  Prod: reduction("ReduceProd"),
  All: logical("ReduceMin"),
  Any: logical("ReduceMax"),
  ArgMax: extremeIndex("ArgMax"),
  ArgMin: extremeIndex("ArgMin"),
  Softmax: softmax("Softmax", "dim"),
  LogSoftmax: softmax("LogSoftmax", "axis"),
  Cumsum: cumsum,
  BatchMatMul: matMul,
  GatherV2: gather,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
  TopK: topK,
};
