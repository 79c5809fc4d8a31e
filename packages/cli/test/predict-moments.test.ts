import { expect, it } from "vitest";
import type { OpenedRun } from "../src/ope/saved-run.js";
import { momentsOf } from "../src/predict/episodes.js";

it("an observed dimension that is constant has the deviation 1, though the sum for its mean is rounded", async () => {
  // The first dimension is 0.1 throughout, the second 0 and 2 in turn.
  const observations = Float32Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 0.1 : (at % 4) - 1));
  const dataset = { transitions: async () => ({ observation: 2, observations, count: 10 }) };
  const { means, deviations } = await momentsOf({ pipeline: { get: () => dataset } } as unknown as OpenedRun);
  expect(means[0]).toBeCloseTo(0.1, 6);
  expect(deviations[0]).toBe(1);
  expect(deviations[1]).toBeCloseTo(1, 12);
});
