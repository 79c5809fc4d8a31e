import type { GraphType, Value } from "../graph/graph.js";
import { cast } from "./cast.js";
import type { TracedKernel } from "./context.js";

/** How a kernel takes a type that ONNX's operator does not: the type it is computed in, and the one it gives. */
interface Rule {
  readonly inside: GraphType;
  /** By default the type that came in; "inside" leaves what was computed. */
  readonly outside?: "inside";
}

type Rules = Readonly<Partial<Record<GraphType, Rule>>>;

const list = (names: string, rules: Rules): Readonly<Record<string, Rules>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, rules]));

const asFloat: Rule = { inside: "float32" };
const becomesFloat: Rule = { inside: "float32", outside: "inside" };
const asInt: Rule = { inside: "int32" };
const becomesInt: Rule = { inside: "int32", outside: "inside" };

/** What TensorFlow.js does with integers and truth values, by kernel; sums of truth values beyond 1 are left out. */
const RULES: Readonly<Record<string, Rules>> = {
  ...list("Step Softplus Log1p Expm1 Round Reciprocal Atan BatchMatMul", { int32: asFloat }),
  ...list("Exp LeakyRelu Prelu", { int32: becomesFloat, bool: becomesFloat }),
  ...list("IsNan IsInf IsFinite", { int32: becomesFloat, bool: becomesFloat }),
  ...list("Multiply Max Min Maximum Minimum Abs Relu Square PadV2", { bool: asInt }),
  ...list("Greater GreaterEqual Less LessEqual ArgMax ArgMin Cumsum", { bool: becomesInt }),
};

/** A kernel that also takes the integers and truth values that TensorFlow.js's own takes. */
export function acceptingTypes(name: string, kernel: TracedKernel): TracedKernel {
  const rules = RULES[name];
  if (rules === undefined) return kernel;
  return (call) => {
    let dtype: GraphType = "float32";
    const input = (key: string): Value => {
      const value = call.input(key);
      dtype = value.dtype;
      return cast(call, value, rules[dtype]?.inside ?? dtype);
    };
    const result = kernel({ ...call, input }) as Value;
    const rule = rules[dtype];
    return rule === undefined || rule.outside === "inside" ? result : cast(call, result, dtype);
  };
}
