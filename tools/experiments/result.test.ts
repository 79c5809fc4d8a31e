import { expect, test } from "vitest";
import { modelReturnText, RunResult, returnsOf } from "./result.js";

const result = (imagined: unknown) => ({
  dataset: { name: "log", returns: { mean: 1, std: 0 } },
  evaluation: { mean: 2, std: 0, returns: [2] },
  imagined,
  seconds: {},
});

test.each([
  [{ mean: 12.3 }, "12"],
  [{ mean: null }, "diverged"],
  [null, ""],
])("the return in the model of %j is shown as %j", (imagined, shown) => {
  expect(modelReturnText(returnsOf(RunResult.parse(result(imagined))).modelReturn)).toBe(shown);
});
