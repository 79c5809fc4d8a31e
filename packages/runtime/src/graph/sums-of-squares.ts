import type { Pass } from "./graph.js";
import { producersOf, replaceNodes, useCounts } from "./rewrite.js";

/** The sum of x times x reads x once, without writing its square. */
export const sumsOfSquares: Pass = (graph) => {
  const producers = producersOf(graph);
  const uses = useCounts(graph);
  return replaceNodes(graph, (node, builder) => {
    if (node.op !== "ReduceSum") return undefined;
    const [squared, axes] = node.inputs;
    const square = producers.get(squared!.id);
    if (square?.op !== "Mul" || square.inputs[0] !== square.inputs[1] || uses.get(squared!.id) !== 1) return undefined;
    const list = [...(axes!.constant as BigInt64Array)].map(Number);
    const attributes = { axes: list, keepdims: node.attributes.keepdims ?? 1 };
    return builder.node("ReduceSumSquare", [square.inputs[0]], node.outputs[0]!, { attributes });
  });
};
