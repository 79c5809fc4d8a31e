import { float32, hostFloat32, type Params, type TensorState } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createOnnxEngine, loadNative, loadWeb } from "../src/index.js";

const stateOf = (...values: number[]): TensorState =>
  new Map([["s", hostFloat32(Float32Array.from(values), values.length)]]);
const held = (state: TensorState) => [...state.get("s")!.data];

describe.each([
  ["onnx", loadNative],
  ["onnx-web", loadWeb],
] as const)("results of %s are not written over what is still read", (type, load) => {
  const engine = createOnnxEngine(type, load, { threads: 1 });
  const grow = (by: number) => ({
    name: `grow by ${by}`,
    fn: ({ s }: Params) => ({ s: tf.add(s!, by) }),
    state: { s: float32(1) },
    inputs: {},
    noise: {},
  });

  test("a result fed back as an input", async () => {
    const fn = ({ x }: Params) => {
      const next = tf.add(x!, 10);
      return { next, change: tf.sub(next, x!) };
    };
    const { run } = await engine.compile({ name: "fed back", fn, state: {}, inputs: { x: float32(3) }, noise: {} });
    let x = Float32Array.of(1, 2, 3);
    for (let i = 1; i <= 4; i++) {
      const { next, change } = await run(new Map(), { x });
      expect([...next!.data, ...change!.data]).toEqual([1 + 10 * i, 2 + 10 * i, 3 + 10 * i, 10, 10, 10]);
      x = next!.data as Float32Array<ArrayBuffer>;
    }
  });

  test("an earlier state given as an input", async () => {
    const fn = ({ s, x }: Params) => ({ s: tf.add(s!, 1), gained: tf.sub(tf.add(s!, 1), x!) });
    const inputs = { x: float32(1) };
    const { run } = await engine.compile({ name: "gain", fn, state: { s: float32(1) }, inputs, noise: {} });
    const state = stateOf(0);
    let x = Float32Array.of(0);
    for (const gained of [1, 2, 2, 2]) {
      const before = state.get("s")!.data as Float32Array<ArrayBuffer>;
      expect([...(await run(state, { x })).gained!.data]).toEqual([gained]);
      x = before;
    }
  });

  test("one program on two states", async () => {
    const { run } = await engine.compile(grow(1));
    const [a, b] = [stateOf(0), stateOf(100)];
    for (let i = 1; i <= 3; i++) {
      await run(a, {});
      await run(b, {});
      expect([held(a), held(b)]).toEqual([[i], [100 + i]]);
    }
  });

  test("two tensors of a state that hold one array", async () => {
    const { run } = await engine.compile({
      ...grow(1),
      fn: ({ s, t }) => ({ s: tf.add(s!, 1), t: tf.add(t!, 10) }),
      state: { s: float32(1), t: float32(1) },
    });
    const state = stateOf(0).set("t", hostFloat32(Float32Array.of(0), 1));
    for (let i = 0; i < 2; i++) await run(state, {});
    state.set("t", state.get("s")!);
    for (let i = 0; i < 3; i++) await run(state, {});
    expect([held(state), [...state.get("t")!.data]]).toEqual([[5], [32]]);
  });

  test("a state that goes on from another's arrays", async () => {
    const { run } = await engine.compile(grow(1));
    const a = stateOf(0);
    await run(a, {});
    const b = new Map(a);
    for (const [state, wanted] of [
      [b, [1, 2]],
      [a, [2, 2]],
      [b, [2, 3]],
      [b, [2, 4]],
      [a, [3, 4]],
    ] as const) {
      await run(state, {});
      expect([held(a), held(b)]).toEqual(wanted.map((value) => [value]));
    }
  });

  test("two arrays in turn are enough for a state, also one that is rebuilt for each run", async () => {
    const { run } = await engine.compile(grow(1));
    let state = stateOf(0);
    const seen = new Set();
    for (let i = 0; i < 10; i++) {
      await run(state, {});
      seen.add(state.get("s")!.data);
      state = new Map(state);
    }
    expect(held(state)).toEqual([10]);
    expect(seen.size).toBe(2);
  });

  test("programs that take turns with one state have two arrays each", async () => {
    const [one, ten] = [await engine.compile(grow(1)), await engine.compile(grow(10))];
    const state = stateOf(0);
    const seen = new Set();
    for (let i = 0; i < 12; i++) {
      await (i % 3 === 0 ? ten : one).run(state, {});
      seen.add(state.get("s")!.data);
    }
    expect(held(state)).toEqual([48]);
    expect(seen.size).toBeLessThanOrEqual(4);
  });
});
