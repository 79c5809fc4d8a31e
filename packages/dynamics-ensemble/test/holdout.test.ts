import { Random } from "@lowerbound/core";
import { expect, it } from "vitest";
import { createEnsemble, ensembleOptions } from "../src/index.js";

it("names the rows that a fit with the same stream held out, whatever was drawn before", () => {
  const model = createEnsemble(ensembleOptions.parse({ holdoutRatio: 0.2, maximumHoldout: 15 }));
  const rows = model.holdout!(100, Random.fromSeed(4).stream("dynamics"));
  expect(new Set(rows).size).toBe(15);
  expect(Math.max(...rows)).toBeLessThan(100);
  const later = Random.fromSeed(4).stream("dynamics");
  later.uniform(new Float32Array(1000));
  expect(model.holdout!(100, later)).toEqual(rows);
  expect(model.holdout!(100, Random.fromSeed(5).stream("dynamics"))).not.toEqual(rows);
  // The fixture of the fit itself: its held-out rows are the first of the same permutation.
  expect([...rows]).toEqual([...Random.fromSeed(4).stream("dynamics").stream("holdout").permutation(100).slice(0, 15)]);
});
