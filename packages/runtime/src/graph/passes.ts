import type { Graph, Node, Pass, Value } from "./graph.js";

/** Replace values everywhere they are used. */
export function substitute(graph: Graph, replacements: ReadonlyMap<number, Value>): Graph {
  if (replacements.size === 0) return graph;
  const follow = (value: Value): Value => {
    let current = value;
    for (let next = replacements.get(current.id); next !== undefined; next = replacements.get(current.id))
      current = next;
    return current;
  };
  const nodes = graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map((value) => value && follow(value)) }));
  const outputs = Object.fromEntries(Object.entries(graph.outputs).map(([name, value]) => [name, follow(value)]));
  return { ...graph, nodes, outputs };
}

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

/** One node, and one constant, for each that does the same. */
export const shareCommonSubexpressions: Pass = (graph) => {
  const seen = new Map<string, readonly Value[]>();
  const constants = new Map<string, Value>();
  const replaced = new Map<number, Value>();
  const canonical = (value: Value): Value => {
    const known = replaced.get(value.id);
    if (known !== undefined) return known;
    if (value.constant === undefined || value.constant.length > 64) return value;
    const key = `${value.dtype}|${value.shape}|${[...value.constant].map((x) => (Object.is(x, -0) ? "-0" : x)).join()}`;
    const first = constants.get(key) ?? value;
    constants.set(key, first);
    if (first !== value) replaced.set(value.id, first);
    return first;
  };
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((value) => value && canonical(value));
    const key = `${node.domain}:${node.op}(${inputs.map((value) => value?.id)})${JSON.stringify(node.attributes)}${node.outputs.map((o) => o.shape)}`;
    const twin = seen.get(key);
    if (twin === undefined) {
      seen.set(key, node.outputs);
      nodes.push({ ...node, inputs });
    } else for (const [i, value] of node.outputs.entries()) replaced.set(value.id, twin[i]!);
  }
  return substitute({ ...graph, nodes }, replaced);
};

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
