import { expect, test } from "vitest";
import { learningRateAfter } from "../src/index.js";

const options = { learningRate: 2, warmupTokens: 100, finalTokens: 300, schedule: "settling" } as const;

test.each([
  [0, 0],
  [50, 1],
  [100, 2],
  [200, 1],
  [300, 0.2],
  [900, 0.2],
])("after %i tokens the rate is %f", (tokens, rate) => {
  expect(learningRateAfter(tokens, options)).toBeCloseTo(rate, 12);
});

test("public code takes its first step at the full rate, and rises again at the end", () => {
  const published = { ...options, schedule: "published" } as const;
  expect(learningRateAfter(0, published)).toBe(2);
  expect(learningRateAfter(500, published)).toBeCloseTo(2, 12);
});
