// Exponentials and logarithms that keep their digits where the plain formula loses them.
import type { Value } from "../graph/graph.js";
import type { KernelCall, TracedKernel } from "./context.js";

/** log(1 + x), exact for small x too: log(u) - ((u - 1) - x) / u with u = 1 + x rounded. */
function logOnePlus({ node, builder }: KernelCall, x: Value): Value {
  const to = (op: string, ...from: Value[]) => node(op, from, x.dtype, x.shape);
  const one = builder.scalar(1);
  const u = to("Add", x, one);
  const lost = to("Div", to("Sub", to("Sub", u, one), x), u);
  return to("Sub", to("Log", u), lost);
}

/** max(x, 0) + log(1 + exp(-|x|)): onnxruntime's own Softplus takes four times as long. */
const softplus: TracedKernel = (call) => {
  const { node } = call;
  const x = call.input("x");
  const to = (op: string, ...from: Value[]) => node(op, from, x.dtype, x.shape);
  return to("Add", to("Relu", x), logOnePlus(call, to("Exp", to("Neg", to("Abs", x)))));
};

/** `near` where |x| < 1/2, `far` elsewhere. */
function nearZero({ node, builder }: KernelCall, x: Value, near: Value, far: Value): Value {
  const small = node("Less", [node("Abs", [x], x.dtype, x.shape), builder.scalar(0.5)], "bool", x.shape);
  return node("Where", [small, near, far], x.dtype, x.shape);
}

const log1p: TracedKernel = (call) => {
  const { node, builder } = call;
  const x = call.input("x");
  const far = node("Log", [node("Add", [x, builder.scalar(1)], x.dtype, x.shape)], x.dtype, x.shape);
  return nearZero(call, x, logOnePlus(call, x), far);
};

/** exp(x) - 1; near 0 as 2 t / (1 - t) with t = tanh(x / 2), which keeps its digits. */
const expm1: TracedKernel = (call) => {
  const { node, builder } = call;
  const x = call.input("x");
  const to = (op: string, ...from: Value[]) => node(op, from, x.dtype, x.shape);
  const t = to("Tanh", to("Mul", x, builder.scalar(0.5)));
  const near = to("Div", to("Add", t, t), to("Sub", builder.scalar(1), t));
  return nearZero(call, x, near, to("Sub", to("Exp", x), builder.scalar(1)));
};

export const exponentials: Readonly<Record<string, TracedKernel>> = {
  Softplus: softplus,
  Log1p: log1p,
  Expm1: expm1,
};
