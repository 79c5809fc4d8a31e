import { expect, test } from "vitest";
import { columnMoments, divisorOf } from "../src/index.js";

test("mean and spread of each column, by hand", () => {
  const { mean, std } = columnMoments(Float32Array.of(1, 10, 3, 10, 5, 10, 7, 10), 2);
  expect([...mean]).toEqual([4, 10]);
  expect(std[0]).toBeCloseTo(Math.sqrt(5), 12);
  expect(std[1]).toBe(0);
});

test("a column that is constant but for rounding is divided by 1", () => {
  const { mean, std } = columnMoments(new Float32Array(20_000).fill(100.1), 1);
  expect(std[0]).toBeGreaterThan(0);
  expect(divisorOf(mean[0]!, std[0]!)).toBe(1);
  expect(divisorOf(0, 0)).toBe(1);
});

test("any spread beyond rounding is the divisor itself, by the size of the mean", () => {
  expect(divisorOf(0, 2e-6)).toBe(2e-6);
  expect(divisorOf(-1000, 2e-3)).toBe(2e-3);
  expect(divisorOf(-1000, 5e-4)).toBe(1);
});
