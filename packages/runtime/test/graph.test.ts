import { type Engine, float32, type Params, type TensorProgram } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { optimise, passes } from "../src/graph/optimise.js";
import {
  compileGraph,
  createEagerEngine,
  createOnnxEngine,
  loadCpu,
  loadNative,
  matrixProductsOf,
} from "../src/index.js";
import { trace } from "../src/trace/trace.js";

const program = (fn: (tensors: Params) => Record<string, tf.Tensor>): TensorProgram => ({
  name: "example",
  fn,
  state: {},
  inputs: { x: float32(64, 64), y: float32(64, 64) },
  noise: {},
});

const opsOf = (example: TensorProgram, chosen?: (keyof typeof passes)[]) => {
  const subset = chosen && Object.fromEntries(chosen.map((name) => [name, passes[name]!]));
  return optimise(trace(example), subset).nodes.map(({ op }) => op);
};

const values = (shift: number) => Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i + shift));
const compiled = createOnnxEngine("onnx", loadNative, { threads: 1 });
const eager = createEagerEngine("cpu", loadCpu);

/** Each pass with a function that it applies to, and the operators before and after it alone. */
const CASES: Record<string, { fn: TensorProgram["fn"]; before: string[]; after: string[] }> = {
  removeDeadCode: {
    fn: ({ x, y }) => {
      tf.exp(y!);
      return { z: tf.abs(x!) };
    },
    before: ["Exp", "Abs"],
    after: ["Abs"],
  },
  shareCommonSubexpressions: {
    fn: ({ x, y }) => ({ z: tf.sub(tf.sin(x!), tf.mul(tf.sin(x!), y!)) }),
    before: ["Sin", "Sin", "Mul", "Sub"],
    after: ["Sin", "Mul", "Sub"],
  },
  foldTransposes: {
    fn: ({ x, y }) => ({ z: tf.matMul(tf.transpose(x!), y!, false, true) }),
    before: ["Transpose", "FusedMatMul"],
    after: ["Transpose", "FusedMatMul"],
  },
  mergeReshapes: {
    fn: ({ x }) => ({ z: tf.abs(tf.reshape(tf.reshape(x!, [4096]), [64, 64])) }),
    before: ["Reshape", "Reshape", "Abs"],
    after: ["Reshape", "Reshape", "Abs"],
  },
  sumsOfSquares: {
    fn: ({ x }) => ({ z: tf.sum(tf.square(x!)) }),
    before: ["Mul", "ReduceSum"],
    after: ["Mul", "ReduceSumSquare"],
  },
  sumsAsProducts: {
    fn: ({ x }) => ({ z: tf.sum(x!, 0) }),
    before: ["ReduceSum"],
    after: ["FusedMatMul", "Reshape"],
  },
};

describe.each(Object.keys(CASES))("%s", (name) => {
  const { fn, before, after } = CASES[name]!;

  test("rewrites what it is for", () => {
    expect(opsOf(program(fn), [])).toEqual(before);
    expect(opsOf(program(fn), [name])).toEqual(after);
  });

  test("leaves the result", async () => {
    const inputs = { x: values(0), y: values(1) };
    const run = async (engine: Engine) => (await (await engine.compile(program(fn))).run(new Map(), inputs)).z!.data;
    const [got, wanted] = [await run(compiled), await run(eager)];
    const largest = Math.max(...Array.from(wanted, Math.abs));
    expect(largest).toBeGreaterThan(0);
    // Sums are taken in another order: rounding of some hundred float32 terms.
    expect(wanted.every((value, i) => Math.abs(value - got[i]!) <= 1e-5 * largest)).toBe(true);
  });
});

test("a transpose ends inside of the product, and nothing of it is left", () => {
  const graph = compileGraph(program(CASES.foldTransposes!.fn));
  expect(graph.nodes.map(({ op, attributes }) => [op, attributes.transA, attributes.transB])).toEqual([
    ["FusedMatMul", 1, 1],
  ]);
});

test("a reshape and back is nothing", () => {
  expect(opsOf(program(CASES.mergeReshapes!.fn))).toEqual(["Abs"]);
});

test("what a pass adds is not taken for a constant that is put out", async () => {
  const [rows, shape] = [4096, [1, 4096]];
  const constants = () => ({ five: tf.scalar(5), fives: tf.fill(shape, 5) });
  const added = await compiled.compile({
    ...program(({ x }) => ({ squares: tf.sum(tf.square(x!)), sums: tf.sum(x!, 0), ...constants() })),
    inputs: { x: float32(rows, 2) },
  });
  const { squares, sums, five, fives } = await added.run(new Map(), { x: new Float32Array(2 * rows).fill(1) });
  expect([...squares!.data, ...sums!.data, ...five!.data]).toEqual([2 * rows, rows, rows, 5]);
  expect(new Set(fives!.data)).toEqual(new Set([5]));
});

test("matrix products alone: shapes, transposes and shared operands of the program's", async () => {
  const fn = ({ x, y }: Params) => ({
    z: tf.sum(tf.relu(tf.matMul(tf.matMul(x!, y!), y!, true))),
    rows: tf.sum(x!, 0),
  });
  const products = matrixProductsOf(program(fn));
  expect(Object.keys(products.inputs)).toHaveLength(3);
  expect(trace(products).nodes.map(({ op, attributes }) => [op, attributes.transA])).toEqual([
    ["FusedMatMul", 0],
    ["Slice", undefined],
    ["FusedMatMul", 1],
    ["Slice", undefined],
  ]);
  const inputs = Object.fromEntries(Object.keys(products.inputs).map((name) => [name, values(0)]));
  const { product0 } = await (await compiled.compile(products)).run(new Map(), inputs);
  const x = values(0);
  const first = Array.from({ length: 64 }, (_, k) => x[k]! * x[64 * k]!).reduce((total, each) => total + each, 0);
  expect(product0!.data).toHaveLength(1);
  expect(product0!.data[0]).toBeCloseTo(first, 4);
});
