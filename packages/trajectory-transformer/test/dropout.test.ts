import { drawNoise, Random } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { networkOf } from "../src/index.js";
import { dropoutNoise, dropoutOf } from "../src/model/dropout.js";

const architecture = { layers: 2, heads: 2, embedding: 16, transition: 4, bins: 5, terminates: true, positions: 11 };
const sizes = { batch: 50, length: 12 };

test("what is kept is scaled so that its mean stays", () => {
  const noise = dropoutNoise(architecture, { ...sizes, probability: 0.1 });
  const { embedding } = drawNoise(Random.fromSeed(1), noise);
  const { shape } = noise.embedding!;
  const masks = { embedding: tf.tensor(embedding!, [...shape], "bool") };
  const dropped = Float32Array.from(dropoutOf(masks, 0.1)(tf.ones([...shape]), "embedding").dataSync());
  const zeros = dropped.filter((value) => value === 0).length / dropped.length;
  expect(Math.abs(zeros - 0.1)).toBeLessThan(0.01);
  const mean = dropped.reduce((sum, value) => sum + value, 0) / dropped.length;
  expect(mean).toBeCloseTo((1 - zeros) / 0.9, 5);
});

test("every block has masks of its own, and none are drawn where nothing is dropped", () => {
  const noise = dropoutNoise(architecture, { ...sizes, probability: 0.5 });
  const blocks = [0, 1].flatMap((block) => [`weights/${block}`, `attention/${block}`, `forward/${block}`]);
  expect(Object.keys(noise)).toEqual(["embedding", ...blocks]);
  expect(noise["weights/1"]!.shape).toEqual([50, 2, 12, 12]);
  expect(dropoutNoise(architecture, { ...sizes, probability: 0 })).toEqual({});
});

test.each([
  ["Transformer", architecture],
  [
    "LSTM",
    { network: "lstm" as const, layers: 2, embedding: 16, transition: 4, bins: 5, terminates: true, positions: 11 },
  ],
])("the masks of training the %s are bytes of 0 and 1, a byte a number", (_, shape) => {
  const noise = networkOf(shape).noise(4, 11, 0.5);
  const masks = drawNoise(Random.fromSeed(1), noise);
  for (const [name, { shape: sizes }] of Object.entries(noise)) {
    expect(masks[name]).toBeInstanceOf(Uint8Array);
    expect(masks[name]!.byteLength).toBe(sizes.reduce((product, size) => product * size, 1));
    expect(new Set(masks[name])).toEqual(new Set([0, 1]));
  }
});
