import {
  CapabilityError,
  ConfigError,
  float32,
  int32,
  LowerboundError,
  type Params,
  Random,
  specsOf,
  type TensorProgram,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { loadCpu } from "../src/eager/backends.js";
import { createEagerEngine } from "../src/eager/eager.js";
import { createAutoEngine } from "../src/index.js";
import { BOOLS, INTS } from "./discrete-operations.js";
import { DIFFERENTIABLE, PLAIN } from "./operations.js";

const compiled = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", loadCpu);

const spec = { state: {}, inputs: { x: float32(4, 6), y: float32(4, 6) }, noise: {} };
const random = Random.fromSeed(7);
const inputs = { x: random.normal(new Float32Array(24)), y: random.normal(new Float32Array(24)) };

async function agree(program: TensorProgram): Promise<void> {
  const run = async (engine: typeof eager) => {
    const { outputs, run } = await engine.compile(program);
    const results = await run(new Map(), inputs);
    expect(specsOf(results), engine.name).toEqual(outputs);
    return results;
  };
  const [got, wanted] = [await run(compiled), await run(eager)];
  expect(specsOf(got)).toEqual(specsOf(wanted));
  for (const [name, { data }] of Object.entries(wanted)) {
    for (let i = 0; i < data.length; i++) {
      const [a, b] = [got[name]!.data[i]!, data[i]!];
      // 1e-5 relative to the larger of 1 and the value: float32 rounding in another order of summation.
      expect(Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b)) || Object.is(a, b), `${name}[${i}]: ${a}, ${b}`).toBe(
        true,
      );
    }
  }
}

describe("a compiled operation computes what the eager one does", () => {
  test.each(Object.keys(DIFFERENTIABLE))("%s, with gradients", async (name) => {
    const operation = DIFFERENTIABLE[name]!;
    const fn = ({ x, y }: Params) => {
      const loss = (a: tf.Tensor, b: tf.Tensor) => {
        const value = operation(a as tf.Tensor2D, b as tf.Tensor2D);
        return tf.sum(tf.mul(value, tf.cos(value))).add(tf.sum(tf.mul(tf.add(a, b), 0))) as tf.Scalar;
      };
      const [dx, dy] = tf.grads(loss)([x!, y!]) as [tf.Tensor, tf.Tensor];
      return { value: operation(x as tf.Tensor2D, y as tf.Tensor2D), dx, dy };
    };
    await agree({ name, fn, ...spec });
  });

  test.each(Object.keys(PLAIN))("%s", async (name) => {
    const operation = PLAIN[name]!;
    await agree({ name, fn: ({ x, y }) => ({ value: operation(x as tf.Tensor2D, y as tf.Tensor2D) }), ...spec });
  });

  test.each(Object.keys(INTS))("%s, of integers", async (name) => {
    const fn = ({ x, y }: Params) => ({ value: INTS[name]!(tf.mul(x!, 10).toInt(), tf.mul(y!, 10).toInt()) });
    await agree({ name, fn, ...spec });
  });

  test.each(Object.keys(BOOLS))("%s, of truth values", async (name) => {
    const fn = ({ x, y }: Params) => ({ value: BOOLS[name]!(tf.greater(x!, 0), tf.greater(y!, 0)) });
    await agree({ name, fn, ...spec });
  });
});

describe("what cannot be traced", () => {
  test("an operation without a traced kernel is named, with the remedy", async () => {
    const fn = ({ x }: Params) => ({
      value: tf.image.resizeBilinear(tf.reshape(x!, [4, 6, 1]) as tf.Tensor3D, [8, 8]),
    });
    const attempt = compiled.compile({ name: "resize", fn, ...spec });
    await expect(attempt).rejects.toThrow(CapabilityError);
    await expect(attempt).rejects.toThrow(/ResizeBilinear cannot be compiled[\s\S]*--engine/);
  });

  test.each([
    [
      "MirrorPad",
      (x: tf.Tensor) =>
        tf.mirrorPad(
          x,
          [
            [1, 1],
            [0, 0],
          ],
          "symmetric",
        ),
    ],
    ["GatherV2", (x: tf.Tensor) => tf.gather(tf.reshape(x, [2, 3, 4]), tf.tensor2d([[1], [3]], [2, 1], "int32"), 2, 1)],
  ])("%s of a kind that is not known is named, and left to eager engines", async (name, operation) => {
    const program = { name: "kinds", fn: ({ x }: Params) => ({ value: operation(x!) }), ...spec };
    await expect(compiled.compile(program)).rejects.toThrow(CapabilityError);
    await expect(compiled.compile(program)).rejects.toThrow(
      new RegExp(`program "kinds": the operation ${name} cannot[\\s\\S]*--engine`),
    );
    const { outputs, run } = await eager.compile(program);
    expect(specsOf(await run(new Map(), inputs))).toEqual(outputs);
  });

  test("types that onnxruntime refuses come with the program's name", async () => {
    const fn = ({ x }: Params) => ({ value: tf.add(tf.greater(x!, 0), tf.less(x!, 1)) });
    const attempt = compiled.compile({ name: "sum of truth values", fn, ...spec });
    await expect(attempt).rejects.toThrow(CapabilityError);
    await expect(attempt).rejects.toThrow(/program "sum of truth values": onnxruntime does not take[\s\S]*cast/);
  });

  test("a tensor from outside is refused with the program's name and the remedies", async () => {
    const outside = tf.tensor2d([[1, 2, 3, 4, 5, 6]]);
    const attempt = compiled.compile({ name: "outside", fn: ({ x }) => ({ value: tf.add(x!, outside) }), ...spec });
    await expect(attempt).rejects.toThrow(/program "outside": a tensor from outside[\s\S]*tf\.tensor[\s\S]*`fit`/);
  });

  test("reading a number back is explained", async () => {
    const fn = ({ x }: Params) => ({ value: tf.scalar(x!.dataSync()[0]!) });
    await expect(compiled.compile({ name: "read", fn, ...spec })).rejects.toThrow(/was read while[\s\S]*tf.where/);
  });

  test.each([
    ["randomNormal", () => tf.randomNormal([4, 6])],
    ["randomUniform", () => tf.randomUniform([4, 6])],
    ["dropout", () => tf.dropout(tf.ones([4, 6]), 0.5)],
    ["Math.random", () => tf.fill([4, 6], Math.random())],
  ])("%s is refused with the remedy, and left to eager engines", async (name, drawn) => {
    const program = { name, fn: ({ x }: Params) => ({ value: tf.add(x!, drawn()) }), ...spec };
    const attempt = compiled.compile(program);
    await expect(attempt).rejects.toThrow(CapabilityError);
    await expect(attempt).rejects.toThrow(new RegExp(`"${name}": random numbers were drawn[\\s\\S]*\`noise\``));
    const { run } = await eager.compile(program);
    const [first, second] = [await run(new Map(), inputs), await run(new Map(), inputs)];
    expect(first.value!.data).not.toEqual(second.value!.data);
    expect(Math.random()).toBeLessThan(1);
  });

  test("numbers drawn from a seed are constants", async () => {
    const fn = ({ x }: Params) => ({ value: tf.add(x!, tf.randomNormal([4, 6], 0, 1, "float32", 7)) });
    await agree({ name: "seeded", fn, ...spec });
  });

  test("a failed trace leaves the backend as it was", async () => {
    await tf.setBackend("cpu");
    const fn = () => {
      throw new Error("own fault");
    };
    await expect(compiled.compile({ name: "throws", fn, ...spec })).rejects.toThrow(
      new ConfigError("its function failed: own fault", { where: 'program "throws"' }),
    );
    expect(tf.getBackend()).toBe("cpu");
    expect([...tf.scalar(2).square().dataSync()]).toEqual([4]);
  });
});

describe.each([compiled, eager])("state updates of $name", (engine) => {
  test.each([
    ["size", "float32 [2, 2]", (s: tf.Tensor) => tf.tile(s, [2, 1])],
    ["shape", "float32 [2, 1]", (s: tf.Tensor) => tf.reshape(s, [2, 1])],
    ["type", "bool [1, 2]", (s: tf.Tensor) => tf.greater(s, 0)],
  ])("one of another %s is refused when compiled", async (_, got, update) => {
    const state = { s: float32(1, 2) };
    const program = { name: "drift", fn: ({ s }: Params) => ({ s: update(s!) }), state, inputs: {}, noise: {} };
    await expect(engine.compile(program)).rejects.toThrow(
      new ConfigError(`the output that replaces it is ${got}`, {
        where: 'program "drift", state tensor "s"',
        expected: "float32 [1, 2]",
        remedy: "cast or reshape it to what it replaces, or give the output another name",
      }),
    );
  });
});

describe("running", () => {
  test("a missing or missized tensor is named", async () => {
    const program = await compiled.compile({ name: "sum", fn: ({ x }) => ({ value: tf.sum(x!) }), ...spec });
    await expect(program.run(new Map(), {})).rejects.toThrow(/"sum", tensor "x"[\s\S]*float32 \[4, 6\]/);
    await expect(program.run(new Map(), { x: new Float32Array(3) })).rejects.toThrow(/3 elements/);
  });

  test.each([compiled, eager])("an error of a run of $name names the program", async (engine) => {
    const { run } = await engine.compile({
      name: "look up",
      fn: ({ x, at }) => ({ value: tf.gather(x!, at!) }),
      state: {},
      inputs: { ...spec.inputs, at: int32(1) },
      noise: {},
    });
    const attempt = run(new Map(), { ...inputs, at: Int32Array.of(4) });
    await expect(attempt).rejects.toThrow(LowerboundError);
    await expect(attempt).rejects.toThrow(/^program "look up": the run failed: .*4/);
  });

  test("state is updated in place of the old, and programs share it", async () => {
    const make = (name: string, by: number) =>
      compiled.compile({
        name,
        fn: ({ s }) => ({ s: tf.add(s!, by) }),
        state: { s: float32(2) },
        inputs: {},
        noise: {},
      });
    const [one, ten] = [await make("one", 1), await make("ten", 10)];
    const state = new Map([["s", { dtype: "float32" as const, shape: [2], data: new Float32Array(2) }]]);
    for (const program of [one, one, ten, one, ten, ten]) await program.run(state, {});
    expect([...state.get("s")!.data]).toEqual([33, 33]);
  });
});
