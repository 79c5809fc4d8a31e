import { float32, type TensorProgram } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { createOnnxEngine, loadNative, loadWeb } from "../src/index.js";

const size = 1_000_000;
const program: TensorProgram = {
  name: "double",
  state: {},
  inputs: { x: float32(size) },
  noise: {},
  fn: ({ x }) => ({ y: tf.add(x!, x!) }),
};

test("the binding fills given tensors and is stopped before it copies them", async () => {
  expect((await loadNative()).fillsGiven).toBe(true);
  const engine = createOnnxEngine("onnx", loadNative, { threads: 1 });
  const { run } = await engine.compile(program);
  const x = new Float32Array(size).fill(1.5);
  await run(new Map(), { x });
  const before = process.memoryUsage().arrayBuffers;
  const { y } = await run(new Map(), { x });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(size);
  expect(new Set(y!.data)).toEqual(new Set([3]));
  await engine.dispose();
});

test("a binding that fills nothing copies", async () => {
  const engine = createOnnxEngine("onnx-web", loadWeb, { threads: 1 });
  const { run } = await engine.compile(program);
  const { y } = await run(new Map(), { x: new Float32Array(size).fill(2) });
  expect(new Set(y!.data)).toEqual(new Set([4]));
  await engine.dispose();
});

test("an error of the run itself is not taken for the stop", async () => {
  const engine = createOnnxEngine("onnx", loadNative, { threads: 1 });
  const gather: TensorProgram = {
    ...program,
    inputs: { x: float32(3), index: { dtype: "int32", shape: [1] } },
    fn: ({ x, index }) => ({ y: tf.gather(x!, index!) }),
  };
  const { run } = await engine.compile(gather);
  await expect(run(new Map(), { x: new Float32Array(3), index: Int32Array.of(7) })).rejects.toThrow(
    "indices element out of data bounds",
  );
  await engine.dispose();
});
