import type { Pass, Value } from "./graph.js";
import { substitute } from "./rewrite.js";

/** A reshape of a reshape reads the first one's input; one to the same shape is nothing. */
export const mergeReshapes: Pass = (graph) => {
  const sources = new Map<number, Value>();
  const replaced = new Map<number, Value>();
  const nodes = graph.nodes.map((node) => {
    if (node.op !== "Reshape") return node;
    const from = node.inputs[0]!;
    const source = sources.get(from.id) ?? from;
    const [out] = node.outputs;
    sources.set(out!.id, source);
    if (String(source.shape) === String(out!.shape)) replaced.set(out!.id, source);
    return { ...node, inputs: [source, node.inputs[1]] };
  });
  return substitute({ ...graph, nodes }, replaced);
};
