import { expect, it } from "vitest";
import { fitScaler } from "../src/index.js";

const scalerOf = (column: Float32Array) => {
  const rows = Int32Array.from(column, (_, row) => row);
  return fitScaler({ rows: column.length, input: 1, output: 0, inputs: column, targets: new Float32Array() }, rows);
};

it("divides a constant entry by 1, not by its mean's rounding error", () => {
  const { mean, std } = scalerOf(new Float32Array(20_000).fill(100.1));
  expect(mean[0]).toBeCloseTo(100.1, 5);
  expect([...std]).toEqual([1]);
});

it("divides any other entry by its population standard deviation", () => {
  expect(scalerOf(Float32Array.of(1, 3, 5, 7)).std[0]).toBeCloseTo(Math.sqrt(5), 6);
});
