import type { Node, Pass } from "./graph.js";

/** Take away nodes and inputs that no output depends on. */
export const removeDeadCode: Pass = (graph) => {
  const needed = new Set(Object.values(graph.outputs).map((value) => value.id));
  const kept: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((value) => needed.has(value.id))) continue;
    for (const value of node.inputs) if (value !== undefined) needed.add(value.id);
    kept.push(node);
  }
  const inputs = graph.inputs.filter((value) => needed.has(value.id));
  return { ...graph, inputs, nodes: kept.reverse() };
};
