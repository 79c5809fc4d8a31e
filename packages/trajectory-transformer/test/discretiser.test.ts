import { inMemoryDataset } from "@lowerbound/datasets";
import { describe, expect, it } from "vitest";
import {
  decode,
  encode,
  fillWindow,
  fitDiscretiser,
  transformerOptions,
  windowBatch,
  windowsOf,
} from "../src/index.js";
import { fillBatch, tokenDataOf } from "../src/training/token-data.js";

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

  it("hold a terminal state's penalty for its reward, and returns-to-go of it", async () => {
    // A terminated episode, and the same one cut.
    const log = inMemoryDataset({
      name: "two episodes",
      observation: 1,
      action: 1,
      observations: Float32Array.of(0, 1, 2, 0, 1, 2),
      actions: new Float32Array(6),
      rewards: Float32Array.of(1, 2, 3, 1, 2, 3),
      terminations: Uint8Array.of(0, 0, 1, 0, 0, 0),
      timeouts: Uint8Array.of(0, 0, 0, 0, 0, 1),
      nextObservations: Float32Array.of(1, 2, 2, 1, 2, 2),
    });
    const shape = { transitions: 3, bins: 4, strategy: "uniform", discount: 0.5, terminationPenalty: -5 };
    const data = await tokenDataOf(log, transformerOptions.parse(shape));
    const into = windowBatch(3, data.window);
    fillBatch(data, Int32Array.of(0, 1, 2), into);
    // Rewards 1, 2, -5 and 1, 2, 3; what follows them -0.5, -5, 0 and 3.5, 3, 0. Bins end at -5, -3, -1, 1, 3 for rewards,
    // and at -5, -2.875, -0.75, 1.375, 3.5 for returns.
    expect([...into.tokens.slice(0, 11)]).toEqual([0, 3, 3, 2, 2, 3, 3, 0, 3, 3, 0]);
    expect([...into.targets.slice(11, 22)]).toEqual([3, 3, 0, 3, 3, 0, 2, 4, 4, 4, 4]);
    expect([...into.tokens.slice(22)]).toEqual([0, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3]);
  });

  it("start at the last steps of paths that say so: there the end follows the first transition", () => {
    const lengths = [2, 3, 1];
    expect([...windowsOf(lengths, (path) => path !== 1).starts]).toEqual([0, 0, 0, 1, 1, 0, 1, 1, 2, 0]);
    // The end is the target of the first transition's last token.
    expect(filled(true).targets[options.width - 1]).toBe(options.terminationToken);
  });

  it("need a path of two steps", () => {
    expect([...windowsOf([1, 3]).starts]).toEqual([1, 0, 1, 1]);
    expect(() => windowsOf([1, 0])).toThrow(/two steps/);
  });
});
