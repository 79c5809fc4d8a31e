import type { Attribute, Node, Pass, Value } from "./graph.js";
import { producersOf, replaceNodes, scalarOf, useCounts } from "./rewrite.js";

/** A matrix product times a number, or negated, is one product with `alpha`. */
export const scaledProducts: Pass = (graph) => {
  const producers = producersOf(graph);
  const uses = useCounts(graph);
  return replaceNodes(graph, (node, builder) => {
    const scaled = scaling(node);
    if (scaled === undefined) return undefined;
    const product = producers.get(scaled.value.id);
    if (product?.op !== "FusedMatMul" || uses.get(scaled.value.id) !== 1) return undefined;
    if (String(node.outputs[0]!.shape) !== String(scaled.value.shape)) return undefined;
    const attributes = { ...product.attributes, alpha: { float: scaled.by * alphaOf(product.attributes.alpha) } };
    return builder.node("FusedMatMul", product.inputs, node.outputs[0]!, { domain: "com.microsoft", attributes });
  });
};

const alphaOf = (attribute: Attribute | undefined): number =>
  typeof attribute === "object" && "float" in attribute ? attribute.float : 1;

function scaling({ op, inputs }: Node): { value: Value; by: number } | undefined {
  const [a, b] = inputs as [Value, Value];
  if (op === "Neg") return { value: a, by: -1 };
  if (op !== "Mul") return undefined;
  const [left, right] = [scalarOf(a), scalarOf(b)];
  if (right !== undefined) return { value: a, by: right };
  return left === undefined ? undefined : { value: b, by: left };
}
