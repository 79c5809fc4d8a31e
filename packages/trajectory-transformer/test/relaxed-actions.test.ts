import { describe, expect, it } from "vitest";
import { fitDiscretiser } from "../src/index.js";
import { relaxActions } from "../src/relaxed/actions.js";

describe("actions as weights of bins", () => {
  // Middles -0.75, -0.25, 0.25, 0.75; the other column is constant.
  const discretiser = fitDiscretiser(
    Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1 + i / 4 : 3)),
    2,
    { bins: 4, strategy: "uniform" },
  );
  const relaxing = { discretiser, sizes: { observation: 0, action: 2 }, vocabulary: 5 } as const;
  const rowsOf = (data: Float32Array) =>
    Array.from({ length: data.length / 5 }, (_, row) => [...data.subarray(5 * row, 5 * row + 5)]);

  it("lie between neighbouring middles, and nowhere outside", () => {
    const given = Float32Array.of(0, 3, -0.9, 3, 0.25, 3);
    const { weights, slopes } = relaxActions(given, { ...relaxing, relaxation: "soft" });
    const constant = [0, 0, 0, 1, 0];
    expect(rowsOf(weights)).toEqual([
      [0, 0.5, 0.5, 0, 0],
      constant,
      [1, 0, 0, 0, 0],
      constant,
      [0, 0, 1, 0, 0],
      constant,
    ]);
    const still = [0, 0, 0, 0, 0];
    expect(rowsOf(slopes)).toEqual([[0, -2, 2, 0, 0], still, still, still, [0, 0, -2, 2, 0], still]);
  });

  it("are their own bin straight through, with the slope of the line through those nearby", () => {
    const given = Float32Array.of(-0.1, 3, 0.9, 3);
    const { weights, slopes } = relaxActions(given, { ...relaxing, relaxation: "straight-through" });
    expect(rowsOf(weights).map((row) => row.indexOf(1))).toEqual([1, 3, 3, 3]);
    // What rises by 2 a unit of the action, from any height.
    const rising = [-0.75, -0.25, 0.25, 0.75, 0].map((middle) => 2 * middle + 7);
    const along = rowsOf(slopes).map((row) => row.reduce((sum, slope, bin) => sum + slope * rising[bin]!, 0));
    expect(along).toEqual([expect.closeTo(2, 5), 0, expect.closeTo(2, 5), 0]);
  });

  it("have a slope through a tenth of the bins on either side", () => {
    const fine = fitDiscretiser(Float64Array.of(-1, 1), 1, { bins: 40, strategy: "uniform" });
    const { slopes } = relaxActions(Float32Array.of(0.01, 0.99), {
      ...{ discretiser: fine, sizes: { observation: 0, action: 1 }, vocabulary: 40 },
      relaxation: "straight-through",
    });
    const touched = (row: number) =>
      Array.from({ length: 40 }, (_, bin) => bin).filter((bin) => Math.abs(slopes[40 * row + bin]!) > 1e-3);
    expect(touched(0)).toEqual([16, 17, 18, 19, 21, 22, 23, 24]);
    expect(touched(1)).toEqual([35, 36, 38, 39]);
  });

  it("pass over bins that no value lies in", () => {
    const column = { bins: 4, columns: 1, thresholds: [0, 0.5, 0.5, 1, 1] };
    const { weights, slopes } = relaxActions(Float32Array.of(0.5, 0.9), {
      ...{ discretiser: column, sizes: { observation: 0, action: 1 }, vocabulary: 4 },
      relaxation: "soft",
    });
    expect([...weights.subarray(0, 4)]).toEqual([0.5, 0, 0.5, 0]);
    expect(slopes[2]).toBeCloseTo(2, 5);
    expect([...weights.subarray(4)].map((each) => Number(each.toFixed(3)))).toEqual([0, 0, 0.4, 0.6]);
  });
});
