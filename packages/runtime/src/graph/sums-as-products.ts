import { sizeOf } from "@lowerbound/core";
import type { Node, Pass } from "./graph.js";
import { replaceNodes } from "./rewrite.js";

/** Below this many elements a sum costs less than the call. */
const WORTH = 4096;

/**
 * A sum over the second last axis (the gradient of a bias) is a product with a row of ones.
 *
 * onnxruntime's product of a vector and a matrix runs over memory once, in order; its ReduceSum is about five times
 * slower there.
 */
export const sumsAsProducts: Pass = (graph) =>
  replaceNodes(graph, (node, builder) => {
    if (!sumsRows(node)) return undefined;
    const [x] = node.inputs;
    const [rows, columns] = x!.shape.slice(-2) as [number, number];
    const ones = builder.constant(new Float32Array(rows).fill(1), "float32", [1, rows]);
    const output = { dtype: "float32" as const, shape: [...x!.shape.slice(0, -2), 1, columns] };
    const sum = builder.node("FusedMatMul", [ones, x], output, {
      domain: "com.microsoft",
      attributes: { transA: 0, transB: 0 },
    });
    const { shape } = node.outputs[0]!;
    if (shape.length === output.shape.length) return sum;
    return builder.node("Reshape", [sum, builder.int64(shape)], { dtype: "float32", shape });
  });

function sumsRows({ op, inputs }: Node): boolean {
  const [x, axes] = inputs;
  if (op !== "ReduceSum" || x?.dtype !== "float32" || sizeOf(x.shape) < WORTH) return false;
  return axes?.constant?.length === 1 && Number(axes.constant[0]) === x.shape.length - 2;
}
