import { expect, it } from "vitest";
import { denormalise, inMemoryDataset, normalise, observationNormalisation } from "../src/index.js";

const dataset = inMemoryDataset({
  name: "hand-made",
  observation: 2,
  action: 1,
  observations: Float32Array.of(1, 5, 3, 5, 5, 5, 7, 5),
  actions: new Float32Array(4),
  rewards: new Float32Array(4),
  terminations: Uint8Array.of(0, 1, 0, 0),
  timeouts: new Uint8Array(4),
});

it("has the mean and deviation of the observations acted on", async () => {
  const { mean, std } = await observationNormalisation(dataset, 0.5);
  expect([...mean]).toEqual([4, 5]);
  expect(std[0]).toBeCloseTo(Math.sqrt(5) + 0.5, 6);
  expect(std[1]).toBe(0.5);
});

it("makes zero mean and unit deviation, and can be undone", async () => {
  const { observations } = await dataset.transitions();
  const statistics = await observationNormalisation(dataset, 0);
  const scaled = normalise(
    observations.filter((_, i) => i % 2 === 0),
    {
      mean: statistics.mean.subarray(0, 1),
      std: statistics.std.subarray(0, 1),
    },
  );
  expect([...scaled].map((value) => Math.round(value * 1e5))).toEqual([-134164, -44721, 44721].slice(0, scaled.length));
  const whole = await observationNormalisation(dataset);
  expect([...denormalise(normalise(observations, whole), whole)]).toEqual([...observations]);
});
