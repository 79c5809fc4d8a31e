import { ConfigError, float32, LowerboundError, type Params } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { loadCpu } from "../src/eager/backends.js";
import { createEagerEngine } from "../src/eager/eager.js";
import { createAutoEngine } from "../src/index.js";

const compiled = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", loadCpu);
const inputs = { x: float32(4, 6), y: float32(4, 5) };

/** Operations on x [4, 6] and y [4, 5] that do not fit them. */
const MISUSES: Readonly<Record<string, readonly [RegExp, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor]>> = {
  "a slice beyond an axis": [/Slice: .*begin\[1\] \+ size\[1\] \(27\)/, (x) => tf.slice(x, [0, 26], [-1, 1])],
  "a slice of another rank": [/Slice: .*match the rank/, (x) => tf.slice(x, [0, 0, 0], [1, 1, 1])],
  "parts of other sizes, side by side": [/Concat: .*Shapes 6 and 5/, (x, y) => tf.concat([x, y], 0)],
  "parts of other sizes, stacked": [/Pack: .*Shapes 4,6 and 4,5/, (x, y) => tf.stack([x, y])],
  "a product": [/BatchMatMul: Rows of 6 entries times columns of 4/, (x, y) => tf.matMul(x, y)],
  "a product, transposed": [/BatchMatMul: Rows of 6 .* of 5/, (x, y) => tf.matMul(x, y, false, true)],
  "a sum": [/Add: .*4,6 and 4,5/, (x, y) => tf.add(x, y)],
  "a sum by letters": [/Einsum ij,jk->ik: j is both 6 and 4/, (x, y) => tf.einsum("ij,jk->ik", x, y)],
  "a reduction of an axis": [/Sum: .*but got axis 2/, (x) => tf.sum(x, 2)],
  "a shape": [/Reshape: Size\(24\)/, (x) => tf.reshape(x, [5, 5])],
  "parts of an axis": [/SplitV: Number of splits/, (x) => tf.split(x, 4, 1)[0]!],
};

test.each(Object.entries(MISUSES))(
  "%s that does not fit is the function's fault, before anything runs",
  async (name, [message, wrong]) => {
    const fn = ({ x, y }: Params) => ({ value: wrong(x!, y!) });
    const program = { name, fn, state: {}, inputs, noise: {} };
    const refused = await compiled.compile(program).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigError);
    expect(String(refused)).toMatch(/: its function failed: /);
    expect(String(refused)).toMatch(message);
    const run = async () =>
      (await eager.compile(program)).run(new Map(), { x: new Float32Array(24), y: new Float32Array(20) });
    await expect(run()).rejects.toThrow(LowerboundError);
  },
);
