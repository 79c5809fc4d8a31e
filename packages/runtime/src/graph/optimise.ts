import { shareCommonSubexpressions } from "./common-subexpressions.js";
import { removeDeadCode } from "./dead-code.js";
import { foldTransposes } from "./fold-transposes.js";
import type { Graph, Pass } from "./graph.js";
import { mergeReshapes } from "./merge-reshapes.js";
import { sumsAsProducts } from "./sums-as-products.js";
import { sumsOfSquares } from "./sums-of-squares.js";

/** Passes by name, in the order in which they help each other. */
export const passes: Readonly<Record<string, Pass>> = {
  removeDeadCode,
  foldTransposes,
  mergeReshapes,
  shareCommonSubexpressions,
  sumsOfSquares,
  sumsAsProducts,
  removeLeftovers: removeDeadCode,
};

/** A graph that computes the same in less time. */
export const optimise = (graph: Graph, chosen: Readonly<Record<string, Pass>> = passes): Graph =>
  Object.values(chosen).reduce((current, pass) => pass(current), graph);
