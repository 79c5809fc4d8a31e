import { expect, test } from "vitest";
import { columnMoments } from "../src/index.js";

test("mean and spread of each column, by hand", () => {
  const { mean, std } = columnMoments(Float32Array.of(1, 10, 3, 10, 5, 10, 7, 10), 2);
  expect([...mean]).toEqual([4, 10]);
  expect(std[0]).toBeCloseTo(Math.sqrt(5), 12);
  expect(std[1]).toBe(0);
});
