import { float32 } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { compile } from "../src/index.js";

// In a file, and so in a process, of its own: TensorFlow.js must not have been used before.
test("a program compiled first leaves TensorFlow.js to choose its backend", async () => {
  for (const by of [1, 2]) {
    const { run } = await compile(({ x }) => ({ y: tf.add(x!, by) }), { inputs: { x: float32(2) } });
    expect([...(await run(new Map(), { x: Float32Array.of(1, 2) })).y!.data]).toEqual([1 + by, 2 + by]);
    expect(tf.getBackend()).toBeFalsy();
  }
  expect([...tf.scalar(2).square().dataSync()]).toEqual([4]);
  expect(tf.getBackend()).toBe("cpu");
});
