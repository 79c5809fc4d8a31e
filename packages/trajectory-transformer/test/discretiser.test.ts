import { describe, expect, it } from "vitest";
import { decode, encode, fillWindow, fitDiscretiser, windowBatch, windowsOf } from "../src/index.js";

describe("bins", () => {
  it("give a constant dimension its value back", () => {
    for (const strategy of ["quantile", "uniform", "percentile"] as const) {
      const bins = fitDiscretiser([3, 3, 3], 1, { bins: 5, strategy });
      expect([...decode(bins, encode(bins, [3]))]).toEqual([3]);
    }
  });

  it("stand for fewer values than bins, and for numbers of rows that bins do not divide", () => {
    const few = fitDiscretiser([0, 1], 1, { bins: 4, strategy: "quantile" });
    expect(Array.from(few.thresholds)).toEqual([0, 0, 1, 1, 1]);
    expect([...encode(few, [0, 1])]).toEqual([1, 3]);
    const uneven = fitDiscretiser([0, 1, 2, 3, 4], 1, { bins: 4, strategy: "quantile" });
    expect(Array.from(uneven.thresholds)).toEqual([0, 1, 2, 3, 4]);
    const published = fitDiscretiser([0, 1, 2, 3, 4, 5, 6], 1, { bins: 3, strategy: "quantile" });
    expect(Array.from(published.thresholds)).toEqual([0, 3, 6, 6]);
  });

  it("put what lies outside into the first and the last", () => {
    const bins = fitDiscretiser([0, 1, 2, 3], 1, { bins: 2, strategy: "uniform" });
    expect([...encode(bins, [-9, 9, Infinity])]).toEqual([0, 1, 1]);
  });

  it("refuse what is no number, no token, and no data", () => {
    const bins = fitDiscretiser([0, 1], 1, { bins: 2, strategy: "uniform" });
    expect(() => encode(bins, [Number.NaN])).toThrow(/dimension 0 is not a number/);
    expect(() => decode(bins, [3])).toThrow(/3 is not a token[\s\S]*0 to 2/);
    expect(() => fitDiscretiser([], 1, { bins: 2, strategy: "uniform" })).toThrow(/no rows/);
    expect(() => fitDiscretiser([Number.NaN], 1, { bins: 2, strategy: "uniform" })).toThrow(/not finite/);
    expect(() => fitDiscretiser([1], 1, { bins: 0, strategy: "uniform" })).toThrow(/0 bins/);
  });
});

describe("windows", () => {
  const options = { transitions: 2, step: 1, width: 2, terminationToken: 9, padding: "terminated" } as const;
  const filled = (terminated: boolean) => {
    const into = windowBatch(1, options);
    fillWindow({ length: 2, terminated, tokens: Int32Array.of(1, 2, 3, 4) }, 1, options, { into, row: 0 });
    return into;
  };

  it("teach the end after a terminal state, and nothing after a cut", () => {
    expect([...filled(true).tokens]).toEqual([3, 4, 9]);
    expect([...filled(true).targets]).toEqual([4, 9, 9]);
    expect([...filled(true).mask]).toEqual([1, 1, 1]);
    expect([...filled(false).mask]).toEqual([1, 0, 0]);
  });

  it("need a path of two steps", () => {
    expect([...windowsOf([1, 3]).starts]).toEqual([1, 0, 1, 1]);
    expect(() => windowsOf([1, 0])).toThrow(/two steps/);
  });
});
