import { offPolicyOptions } from "@lowerbound/evaluation";
import { expect, test } from "vitest";
import { opeReport } from "../src/ope/ope-file.js";

test("what is not finite is null, and what is not known is absent", () => {
  const interval = { low: -Infinity, high: 2 };
  const quality = { candidates: 2, chosen: "a last", rankCorrelation: Number.NaN, regretAtOne: 0 };
  const report = opeReport({
    seed: 3,
    options: offPolicyOptions.parse({}),
    policies: [
      {
        run: "a",
        policy: "last",
        truth: undefined,
        outcomes: [{ method: "fqe", estimate: { value: 1, interval, episodes: 4 } }],
      },
    ],
    rankings: [{ method: "fqe", selection: { order: ["a last"], quality } }],
  });
  expect(report.policies).toEqual([
    {
      run: "a",
      policy: "last",
      outcomes: [{ method: "fqe", estimate: { value: 1, interval: { low: null, high: 2 }, episodes: 4 } }],
    },
  ]);
  expect(report.rankings[0]?.selection.quality).toEqual({ ...quality, rankCorrelation: null });
});
