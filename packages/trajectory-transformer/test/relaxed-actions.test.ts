import { describe, expect, it } from "vitest";
import { fitDiscretiser } from "../src/index.js";
import { relaxActions } from "../src/relaxed/actions.js";

describe("actions as weights of bins", () => {
  const sizes = { observation: 0, action: 2 };
  // Middles -0.75, -0.25, 0.25, 0.75; the other column is constant.
  const discretiser = fitDiscretiser(
    Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1 + i / 4 : 3)),
    2,
    { bins: 4, strategy: "uniform" },
  );

  it("lie between neighbouring middles, and nowhere outside", () => {
    const soft = relaxActions(discretiser, sizes, Float32Array.of(0, 3, -0.9, 3, 0.25, 3), "soft");
    expect([...soft.base]).toEqual([1, 3, 0, 3, 2, 3]);
    expect([...soft.upper]).toEqual([2, 3, 1, 3, 3, 3]);
    expect([...soft.scale]).toEqual([2, 0, 0, 0, 2, 0]);
    expect([...soft.offset]).toEqual([0.25, 0, 0, 0, 0, 0]);
  });

  it("are their own bin straight through, with the slope towards the nearer neighbour", () => {
    const given = Float32Array.of(-0.1, 3, -0.9, 3, 0.9, 3);
    const { base, lower, upper, scale, offset } = relaxActions(discretiser, sizes, given, "straight-through");
    expect([...base]).toEqual([1, 3, 0, 3, 3, 3]);
    expect([...lower]).toEqual([1, 3, 0, 3, 2, 3]);
    expect([...upper]).toEqual([2, 3, 1, 3, 3, 3]);
    expect([...scale]).toEqual([2, 0, 2, 0, 2, 0]);
    expect([...offset]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("pass over bins that no value lies in", () => {
    const column = { bins: 4, columns: 1, thresholds: [0, 0.5, 0.5, 1, 1] };
    const found = relaxActions(column, { observation: 0, action: 1 }, Float32Array.of(0.4, 0.9), "soft");
    expect([...found.lower]).toEqual([0, 2]);
    expect([...found.upper]).toEqual([2, 3]);
    expect(found.scale[0]).toBeCloseTo(2, 5);
    expect(found.scale[1]).toBeCloseTo(4, 5);
  });
});
