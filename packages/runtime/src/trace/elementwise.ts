import * as tf from "@tensorflow/tfjs";
import type { GraphType, Value } from "../graph/graph.js";
import { cast } from "./cast.js";
import type { KernelCall, TracedKernel } from "./context.js";
import { exponentials } from "./exponentials.js";

const broadcast = (a: Value, b: Value): number[] =>
  tf.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);

const unary =
  (op: string): TracedKernel =>
  ({ input, node }) => {
    const x = input("x");
    return node(op, [x], x.dtype, x.shape);
  };

const binary =
  (op: string, dtype?: GraphType): TracedKernel =>
  ({ input, node }) => {
    const [a, b] = [input("a"), input("b")];
    return node(op, [a, b], dtype ?? a.dtype, broadcast(a, b));
  };

const UNARY = {
  Abs: "Abs",
  Acos: "Acos",
  Acosh: "Acosh",
  Asin: "Asin",
  Asinh: "Asinh",
  Atan: "Atan",
  Atanh: "Atanh",
  Ceil: "Ceil",
  Cos: "Cos",
  Cosh: "Cosh",
  Erf: "Erf",
  Exp: "Exp",
  Floor: "Floor",
  Log: "Log",
  Neg: "Neg",
  Reciprocal: "Reciprocal",
  Relu: "Relu",
  Round: "Round",
  Sigmoid: "Sigmoid",
  Sign: "Sign",
  Sin: "Sin",
  Sinh: "Sinh",
  Sqrt: "Sqrt",
  Tan: "Tan",
  Tanh: "Tanh",
} as const;

const ARITHMETIC = {
  Add: "Add",
  Sub: "Sub",
  Multiply: "Mul",
  RealDiv: "Div",
  Maximum: "Max",
  Minimum: "Min",
  Pow: "Pow",
} as const;
const COMPARISON = {
  Greater: "Greater",
  GreaterEqual: "GreaterOrEqual",
  Less: "Less",
  LessEqual: "LessOrEqual",
  Equal: "Equal",
  LogicalAnd: "And",
  LogicalOr: "Or",
} as const;

const table = (names: Readonly<Record<string, string>>, make: (op: string) => TracedKernel) =>
  Object.fromEntries(Object.entries(names).map(([kernel, op]) => [kernel, make(op)]));

/** Steeper than any float32 needs: positive numbers, the smallest subnormal ones apart, come out as 1. */
const STEEP = 3.4e38;

/** 1 where positive, alpha elsewhere, NaN where NaN; a steep hard sigmoid is one pass over memory, a comparison and a cast are two. */
const step: TracedKernel = ({ input, node, builder, attributes }) => {
  const x = input("x");
  const slope = { alpha: { float: STEEP }, beta: { float: 0 } };
  const one = node("HardSigmoid", [x], x.dtype, x.shape, { attributes: slope });
  const alpha = Number(attributes.alpha ?? 0);
  if (alpha === 0) return one;
  const scaled = node("Mul", [one, builder.scalar(1 - alpha)], x.dtype, x.shape);
  return node("Add", [scaled, builder.scalar(alpha)], x.dtype, x.shape);
};

/** Towards zero, as TensorFlow.js stores a bound; one beyond int32 is its end. */
const wholeNumber = (builder: KernelCall["builder"], value: number): Value =>
  builder.constant(Int32Array.of(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value))), "int32", []);

const clip: TracedKernel = ({ input, node, builder, attributes }) => {
  const x = input("x");
  const limits = [Number(attributes.clipValueMin), Number(attributes.clipValueMax)];
  const bounds = limits.map((value) => (x.dtype === "int32" ? wholeNumber(builder, value) : builder.scalar(value)));
  return node("Clip", [x, ...bounds], x.dtype, x.shape);
};

const squared =
  (values: (call: KernelCall) => Value): TracedKernel =>
  (call) => {
    const x = values(call);
    return call.node("Mul", [x, x], x.dtype, x.shape);
  };

const difference = ({ input, node }: KernelCall): Value => {
  const [a, b] = [input("a"), input("b")];
  return node("Sub", [a, b], a.dtype, broadcast(a, b));
};

const select: TracedKernel = ({ input, node }) => {
  const [condition, t, e] = [input("condition"), input("t"), input("e")];
  return node("Where", [condition, t, e], t.dtype, t.shape);
};

const finite =
  (kernel: "IsNan" | "IsInf" | "IsFinite"): TracedKernel =>
  ({ input, node }) => {
    const x = input("x");
    const nan = () => node("IsNaN", [x], "bool", x.shape);
    const infinite = () => node("IsInf", [x], "bool", x.shape);
    if (kernel === "IsNan") return nan();
    if (kernel === "IsInf") return infinite();
    return node("Not", [node("Or", [nan(), infinite()], "bool", x.shape)], "bool", x.shape);
  };

const leaky =
  (op: "LeakyRelu" | "Elu"): TracedKernel =>
  ({ input, node, attributes }) => {
    const x = input("x");
    return node(op, [x], x.dtype, x.shape, { attributes: { alpha: { float: Number(attributes.alpha ?? 1) } } });
  };

/** Of elu, from its output: 1 where positive, y + 1 elsewhere. */
const eluGradient: TracedKernel = ({ input, node, builder }) => {
  const [dy, y] = [input("dy"), input("y")];
  const slope = node(
    "Min",
    [node("Add", [y, builder.scalar(1)], y.dtype, y.shape), builder.scalar(1)],
    y.dtype,
    y.shape,
  );
  return node("Mul", [dy, slope], y.dtype, y.shape);
};

const rsqrt: TracedKernel = ({ input, node }) => {
  const x = input("x");
  return node("Reciprocal", [node("Sqrt", [x], x.dtype, x.shape)], x.dtype, x.shape);
};

const addN: TracedKernel = ({ inputs, node }) => {
  const [first, ...rest] = inputs() as [Value, ...Value[]];
  const { dtype, shape } = first;
  // ONNX's Sum knows no integers.
  if (dtype === "int32") return rest.reduce((sum, value) => node("Add", [sum, value], dtype, shape), first);
  return node("Sum", [first, ...rest], dtype, shape);
};

/** Remainder with the sign of the divisor. */
const modulo: TracedKernel = ({ input, node }) => {
  const [a, b] = [input("a"), input("b")];
  const shape = broadcast(a, b);
  if (a.dtype === "int32") return node("Mod", [a, b], "int32", shape);
  const whole = node("Floor", [node("Div", [a, b], a.dtype, shape)], a.dtype, shape);
  return node("Sub", [a, node("Mul", [whole, b], a.dtype, shape)], a.dtype, shape);
};

export const elementwise: Readonly<Record<string, TracedKernel>> = {
  ...table(UNARY, unary),
  ...table(ARITHMETIC, binary),
  ...table(COMPARISON, (op) => binary(op, "bool")),
  NotEqual: (call) => {
    const equal = binary("Equal", "bool")(call) as Value;
    return call.node("Not", [equal], "bool", equal.shape);
  },
  LogicalNot: ({ input, node }) => node("Not", [input("x")], "bool", input("x").shape),
  Square: squared(({ input }) => input("x")),
  SquaredDifference: squared(difference),
  ...exponentials,
  Step: step,
  ClipByValue: clip,
  Relu6: ({ input, node, builder }) =>
    node("Clip", [input("x"), builder.scalar(0), builder.scalar(6)], "float32", input("x").shape),
  Select: select,
  IsNan: finite("IsNan"),
  IsInf: finite("IsInf"),
  IsFinite: finite("IsFinite"),
  LeakyRelu: leaky("LeakyRelu"),
  Elu: leaky("Elu"),
  EluGrad: eluGradient,
  Rsqrt: rsqrt,
  AddN: addN,
  Cast: (call) => cast(call, call.input("x"), call.attributes.dtype as GraphType),
  Identity: ({ input }) => input("x"),
  Selu: ({ input, node }) => node("Selu", [input("x")], "float32", input("x").shape),
  Prelu: ({ input, node }) => node("PRelu", [input("x"), input("alpha")], "float32", input("x").shape),
  Mod: modulo,
  FloorDiv: (call) => {
    const { input, node } = call;
    const [a, b] = [input("a"), input("b")];
    const shape = broadcast(a, b);
    // Whole numbers too go through float32, as in TensorFlow.js; onnxruntime's Div of integers rounds to zero.
    const quotient = node("Div", [cast(call, a, "float32"), cast(call, b, "float32")], "float32", shape);
    return cast(call, node("Floor", [quotient], "float32", shape), a.dtype);
  },
};
