import { expect, test } from "vitest";
import { resultText } from "../src/commands/train.js";

test("a run whose model diverged says so when it ends", () => {
  const result = {
    directory: "runs/one",
    dataset: {
      name: "log",
      layout: "jsonl",
      fingerprint: "f",
      episodes: 1,
      steps: 10,
      observation: 1,
      action: 1,
      returns: { mean: 1, std: 0, min: 1, max: 1 },
    },
    evaluation: undefined,
    trained: { tensors: {}, facts: {} },
    fitted: {},
    seconds: {},
  };
  expect(resultText({ ...result, imagined: { returns: [1, null], mean: null } })).toContain("in its model: diverged");
  expect(resultText({ ...result, imagined: { returns: [1], mean: 1 } })).not.toContain("diverged");
});
