import { type Builder, createBuilder } from "./builder.js";
import type { Graph, Node, Value } from "./graph.js";

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

/** The node behind each value. */
export function producersOf({ nodes }: Graph): ReadonlyMap<number, Node> {
  const producers = new Map<number, Node>();
  for (const node of nodes) for (const value of node.outputs) producers.set(value.id, node);
  return producers;
}

/** How many nodes and outputs read each value. */
export function useCounts({ nodes, outputs }: Graph): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const count = (value: Value | undefined) => value && counts.set(value.id, (counts.get(value.id) ?? 0) + 1);
  for (const node of nodes) node.inputs.forEach(count);
  Object.values(outputs).forEach(count);
  return counts;
}

/** Offers each node to a rule, which returns what to have in place of its only output, or undefined to leave it. */
export function replaceNodes(graph: Graph, rule: (node: Node, builder: Builder) => Value | undefined): Graph {
  const builder = createBuilder(nextId(graph));
  const replaced = new Map<number, Value>();
  for (const node of graph.nodes) {
    const value = node.outputs.length === 1 ? rule(node, builder) : undefined;
    if (value === undefined) builder.nodes.push(node);
    else replaced.set(node.outputs[0]!.id, value);
  }
  return substitute({ ...graph, nodes: builder.nodes }, replaced);
}

/** Constants that are put out are known to no node. */
function nextId({ nodes, inputs, outputs }: Graph): number {
  const values = [...inputs, ...nodes.flatMap((node) => [...node.inputs, ...node.outputs]), ...Object.values(outputs)];
  return 1 + values.reduce((highest, value) => Math.max(highest, value?.id ?? 0), 0);
}
