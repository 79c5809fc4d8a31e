import { type Engine, float32, hostFloat32, type TensorProgram } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { compareEngines } from "../src/index.js";

/** An engine that gives these numbers, whatever the program says. */
const giving = (name: string, values: readonly number[]): Engine => ({
  name,
  describe: () => ({}),
  compile: async (program) => ({
    program,
    outputs: { y: float32(values.length) },
    run: async () => ({ y: hostFloat32(Float32Array.from(values), values.length) }),
    dispose: async () => {},
  }),
  dispose: async () => {},
});

const program: TensorProgram = { name: "any", fn: () => ({ y: tf.zeros([3]) }), state: {}, inputs: {}, noise: {} };
const run = { program, state: {}, runs: [{}] };
const disagreements = (got: readonly number[], wanted: readonly number[]) =>
  compareEngines(run, [giving("first", wanted), giving("second", got)]);

it.each([0, 1, 2])("reports a number that is none at place %i", async (place) => {
  const got = [1, 2, 3].with(place, Number.NaN);
  expect(await disagreements(got, [1, 2, 3])).toMatchObject([{ engine: "second", tensor: "0:y", index: place }]);
  expect(await disagreements([1, 2, 3], got)).toMatchObject([{ index: place }]);
});

it("takes the same infinities and the same missing numbers for agreement, others not", async () => {
  expect(await disagreements([Number.NaN, Infinity, 3], [Number.NaN, Infinity, 3])).toEqual([]);
  expect(await disagreements([1, -Infinity, 3], [1, Infinity, 3])).toMatchObject([{ index: 1 }]);
  expect(await disagreements([1, Infinity, 3], [1, 2, 3])).toMatchObject([{ index: 1 }]);
});
