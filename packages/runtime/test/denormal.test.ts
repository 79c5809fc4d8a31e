import { float32 } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { createOnnxEngine, loadNative } from "../src/index.js";

// In a file, and so in a process, of its own: onnxruntime sets this once a process, when the first session is made.
test("denormal numbers count as zero", async () => {
  const engine = createOnnxEngine("onnx", loadNative, { threads: 1 });
  const double = { name: "double", state: {}, inputs: { x: float32(2) }, noise: {} };
  const { run } = await engine.compile({ ...double, fn: ({ x }) => ({ y: tf.add(x!, x!) }) });
  const { y } = await run(new Map(), { x: Float32Array.of(1e-39, 1e-30) });
  expect([...y!.data]).toEqual([0, Math.fround(2e-30)]);
  await engine.dispose();
});
