import { expect, test } from "vitest";
import { alongSteps, calibrationSchema } from "../src/index.js";

const u = Float64Array.of(1, 2, 3, 4, 5, 6);
const error = Float64Array.of(10, 20, 30, 40, 50, 90);

test("a bin a step: means, and quartiles of the errors", () => {
  expect(alongSteps({ u, error, step: [0, 0, 0, 2, 2, 2] }, 10)).toEqual([
    { from: 1, to: 1, rows: 3, meanPenalty: 2, meanError: 20, lowerQuartile: 15, upperQuartile: 25 },
    { from: 3, to: 3, rows: 3, meanPenalty: 5, meanError: 60, lowerQuartile: 45, upperQuartile: 70 },
  ]);
});

test("bins of equally many steps where there are more steps than bins, the last one of what is left", () => {
  const bins = alongSteps({ u, error, step: [4, 3, 2, 1, 0, 0] }, 2);
  expect(bins.map(({ from, to, rows, meanPenalty }) => [from, to, rows, meanPenalty])).toEqual([
    [1, 3, 4, 4.5],
    [4, 5, 2, 1.5],
  ]);
});

test("ends where a rollout has left what numbers can hold; nothing of no rows", () => {
  const lost = Float64Array.of(10, 20, 30, 40, Infinity, 60);
  expect(alongSteps({ u, error: lost, step: [0, 1, 2, 3, 4, 5] }, 10)).toHaveLength(4);
  expect(alongSteps({ u: new Float64Array(), error: new Float64Array(), step: [] }, 10)).toEqual([]);
});

test("a calibration.json from before there was anything along rollouts is read", () => {
  const model = {
    rows: 1,
    heldOut: "rows",
    oneStep: { normalised: 0.1, perDimension: [] },
    kStep: [],
    coverage: [],
    saturation: null,
    multimodality: [],
  };
  const penalty = {
    type: "max-aleatoric",
    unit: "state",
    seesReward: false,
    on: "visits",
    rows: 1,
    meanPenalty: 1,
    meanError: 1,
    coverage: 1,
    coverageAtEqualMean: 1,
    rankCorrelation: null,
    reliability: [],
    conformal: { level: 0.9, scale: null, covered: null },
  };
  const old = { version: 1, model, penalties: [penalty], refused: [] };
  expect(calibrationSchema.parse(old).penalties[0]?.along).toEqual([]);
});
