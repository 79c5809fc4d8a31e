import { expect, test } from "vitest";
import type { PolicyEstimates } from "../src/ope/evaluate-runs.js";
import { opeText, rankings } from "../src/ope/text.js";

const methods = ["fqe"] as const;

/** One policy's estimate by fqe, with its true return where it is known. */
const estimated = (policy: string, value: number, truth?: number, episodes = 9): PolicyEstimates => ({
  run: "runs/a",
  policy,
  truth,
  outcomes: [{ method: "fqe", estimate: { value, interval: { low: value - 1, high: value + 1 }, episodes } }],
});

const textOf = (...results: readonly PolicyEstimates[]): string =>
  opeText(results, rankings(results, methods), { discount: 0.99, confidence: 0.95 });

test("an estimate has its interval, from one episode none", () => {
  expect(textOf(estimated("last", 2))).toContain("1.0000 to 3.0000");
  const alone = textOf(estimated("last", 2, undefined, 1));
  expect(alone).toContain("none: one episode");
  expect(alone).not.toContain(" to ");
});

test("the regret is said to be another policy's where the chosen one's true return is not known", () => {
  const [low, high] = [estimated("low", 1, 50), estimated("high", 2, 40)];
  expect(textOf(low, high)).toContain(
    "fqe chooses runs/a high; against the truth of 2: rank correlation -1.000, regret@1 10.0\n",
  );
  expect(textOf(low, high, estimated("highest", 3))).toContain(
    "fqe chooses runs/a highest; against the truth of 2: rank correlation -1.000, " +
      "best of those with a known return: runs/a high, regret@1 10.0\n",
  );
});
