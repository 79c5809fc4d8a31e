import type { Node, Pass, Value } from "./graph.js";
import { producersOf, replaceNodes, useCounts } from "./rewrite.js";

/** x sigmoid(x) in one pass over memory, where nothing else (a gradient) needs the sigmoid. */
export const quickGelu: Pass = (graph) => {
  const producers = producersOf(graph);
  const uses = useCounts(graph);
  const activated = (x: Value, s: Value): Node | undefined => {
    const node = producers.get(s.id);
    return node?.op === "Sigmoid" && node.inputs[0]?.id === x.id && uses.get(s.id) === 1 ? node : undefined;
  };
  return replaceNodes(graph, (node, builder) => {
    if (node.op !== "Mul") return undefined;
    const [a, b] = node.inputs as [Value, Value];
    const x = activated(a, b) ? a : activated(b, a) ? b : undefined;
    return x && builder.node("QuickGelu", [x], x, { domain: "com.microsoft", attributes: { alpha: { float: 1 } } });
  });
};
