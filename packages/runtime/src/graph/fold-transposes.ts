import type { Pass, Value } from "./graph.js";

/** Transposes of the last two axes go into the product that uses them. */
export const foldTransposes: Pass = (graph) => {
  const sources = new Map<number, Value>();
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    const perm = attributes.perm;
    if (op === "Transpose" && Array.isArray(perm) && swapsLastTwo(perm)) sources.set(outputs[0]!.id, inputs[0]!);
  }
  const nodes = graph.nodes.map((node) => {
    if (node.op !== "FusedMatMul") return node;
    const [a, b] = [node.inputs[0]!, node.inputs[1]!];
    const [sourceA, sourceB] = [sources.get(a.id), sources.get(b.id)];
    const flip = (name: string, source: Value | undefined) =>
      Number(node.attributes[name]) ^ (source === undefined ? 0 : 1);
    return {
      ...node,
      inputs: [sourceA ?? a, sourceB ?? b],
      attributes: { ...node.attributes, transA: flip("transA", sourceA), transB: flip("transB", sourceB) },
    };
  });
  return { ...graph, nodes };
};

const swapsLastTwo = (perm: readonly number[]): boolean =>
  perm.length >= 2 &&
  perm.every((axis, i) => axis === (i === perm.length - 1 ? i - 1 : i === perm.length - 2 ? i + 1 : i));
