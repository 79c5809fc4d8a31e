import type { Node, Pass, Value } from "./graph.js";
import { substitute } from "./rewrite.js";

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
