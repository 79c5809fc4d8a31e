import { expect, test } from "vitest";
import { errorsByStep, goingOn } from "../src/predict/step-error.js";

/** Two dimensions, deviations 1 and 2; the first episode lasts two steps, the second one. */
const truth = { observation: 2, observations: [Float32Array.of(0, 0, 1, 1), Float32Array.of(5, 5)] };
const deviations = [1, 2];

test("the error is a root mean square over dimensions in deviations, its quartiles over episodes that go on", () => {
  // Errors at step 1: sqrt((3^2 + (8/2)^2) / 2) = sqrt(12.5) and 0; at step 2 of the first alone: sqrt((1 + 1) / 2) = 1.
  const predicted = Float32Array.of(3, 8, 2, 3, 5, 5, 99, 99);
  const [first, second] = errorsByStep(predicted, 2, truth, deviations);
  expect(first!.median).toBeCloseTo(Math.sqrt(12.5) / 2, 6);
  expect(first!.low).toBeCloseTo(Math.sqrt(12.5) / 4, 6);
  expect(first!.high).toBeCloseTo((3 * Math.sqrt(12.5)) / 4, 6);
  expect(second).toEqual({ low: 1, median: 1, high: 1 });
  expect(goingOn(truth)).toEqual([2, 1]);
});

test("a prediction that is not finite is worse than any other, and never makes a quartile of others worse than it is", () => {
  const three = { observation: 1, observations: [Float32Array.of(0), Float32Array.of(0), Float32Array.of(0)] };
  const errors = (...predicted: number[]) => errorsByStep(Float32Array.from(predicted), 1, three, [1])[0];
  expect(errors(1, 2, Number.NaN)).toEqual({ low: 1.5, median: 2, high: null });
  expect(errors(1, Number.NEGATIVE_INFINITY, Number.NaN)).toEqual({ low: null, median: null, high: null });
});
