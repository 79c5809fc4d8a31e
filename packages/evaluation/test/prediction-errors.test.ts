import type { Transitions } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import { errorNorms, type MeasuredRows, openLoopErrors, predictionErrors } from "../src/index.js";

describe("errors of predictions, by hand", () => {
  const target = [0, 10, 2, 30];
  const predicted = [1, 10, 2, 24];

  it("norms of rows, the reward left out where it does not count", () => {
    expect([...errorNorms(predicted, target, { dims: 2 })]).toEqual([1, 6]);
    expect([...errorNorms(predicted, target, { dims: 2, look: 1 })]).toEqual([1, 0]);
  });

  it("root mean squares beside the spread", () => {
    const { rows, normalised, perDimension } = predictionErrors(predicted, target, 2);
    expect(rows).toBe(2);
    expect(perDimension[0]).toEqual({ rmse: Math.SQRT1_2, spread: 1 });
    expect(perDimension[1]?.rmse).toBeCloseTo(Math.sqrt(18), 12);
    expect(perDimension[1]?.spread).toBe(10);
    expect(normalised).toBeCloseTo(Math.sqrt((0.5 + 0.18) / 2), 12);
  });

  it("a constant dimension counts in its own unit, though the sum for its mean is rounded", () => {
    const constant = Array<number>(10).fill(0.1);
    const { normalised, perDimension } = predictionErrors(Array<number>(10).fill(0.6), constant, 1);
    expect(normalised).toBeCloseTo(0.5, 12);
    expect(perDimension[0]?.spread).toBe(0);
  });

  it("so does a constant state, open loop", () => {
    const rows: MeasuredRows = {
      observation: 1,
      action: 1,
      count: 1,
      observations: Float32Array.of(0.1),
      actions: Float32Array.of(0),
      nextObservations: Float32Array.of(0.25),
      rewards: Float32Array.of(0),
      terminations: Uint8Array.of(0),
      episode: Int32Array.of(0),
      step: Int32Array.of(0),
    };
    const log = { observation: 1, observations: new Float32Array(10).fill(0.1) } as Transitions;
    const [first] = openLoopErrors({ rows, average: Float32Array.of(0.75, 0) }, log);
    expect(first).toEqual({ step: 1, rows: 1, normalised: 0.5 });
  });
});
