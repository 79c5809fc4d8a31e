import { DataError } from "@lowerbound/core";
import { discountedOccupancy, evaluateTabular, type TabularMdp } from "@lowerbound/environments";
import { expect, it } from "vitest";
import {
  certifyTabular,
  countSamples,
  modelFromSamples,
  pessimisticMdp,
  returnBounds,
  rewardRadius,
  rewardsOutside,
  theoremLambda,
  totalVariation,
  transitionRadius,
} from "../src/index.js";

/** State 0 pays 1 and stays with probability `stay`, else goes to state 1, which pays 0 for ever; one action. */
const leaky = (stay: number, terminal = 0): TabularMdp => ({
  states: 2,
  actions: 1,
  transitions: Float64Array.of(stay, 1 - stay, 0, 1),
  rewards: Float64Array.of(1, 0),
  initial: Float64Array.of(1, 0),
  terminal: Uint8Array.of(0, terminal),
  discount: 0.5,
});
const only = Float64Array.of(1, 1);

it("occupancy: 1 / (1 - 0.5 stay) visits of state 0, the rest of 2 in state 1, none of them once it is terminal", () => {
  expect([...discountedOccupancy(leaky(0.8), only)]).toEqual([
    expect.closeTo(1 / 0.6, 12),
    expect.closeTo(2 - 1 / 0.6, 12),
  ]);
  expect(discountedOccupancy(leaky(0.8, 1), only)[1]).toBe(0);
});

it("bounds: a model that stays with 0.8 of a world that stays with 0.6", () => {
  const lambda = theoremLambda({ minimum: 0, maximum: 1 }, 0.5, false);
  expect(lambda).toBe(1);
  const tv = totalVariation(leaky(0.8).transitions, leaky(0.6).transitions, 2);
  expect([...tv]).toEqual([expect.closeTo(0.2, 12), 0]);
  const bounds = returnBounds(leaky(0.8), only, tv);
  expect(bounds.modelReturn).toBeCloseTo(5 / 3, 12);
  expect(bounds.lower).toBeCloseTo(4 / 3, 12);
  expect(bounds.upper).toBeCloseTo(2, 12);
  expect(evaluateTabular(leaky(0.6), only).expectedReturn).toBeCloseTo(1 / 0.7, 12);
});

it("HALT: 1 + 0.5 x -3 / 0.5 from an unknown pair for ever, 1 - 3 once", () => {
  const halted = (pays: "endless" | "once") => {
    const mdp = pessimisticMdp(leaky(0.8), { known: [0, 1], kappa: 3, pays });
    return evaluateTabular(mdp, Float64Array.of(1, 1, 1)).expectedReturn;
  };
  expect(halted("endless")).toBeCloseTo(-2, 12);
  expect(halted("once")).toBeCloseTo(-2, 12);
  const known = pessimisticMdp(leaky(0.8), { known: [1, 1], kappa: 3 });
  expect(evaluateTabular(known, Float64Array.of(1, 1, 1)).expectedReturn).toBeCloseTo(5 / 3, 12);
});

it("lambda: half as large by the largest reward alone where rewards are signed; episodes that end hold 0", () => {
  expect(theoremLambda({ minimum: -1, maximum: 1 }, 0.9, false)).toBeCloseTo(18, 12);
  expect(theoremLambda({ minimum: 2, maximum: 3 }, 0.5, false)).toBe(1);
  expect(theoremLambda({ minimum: 2, maximum: 3 }, 0.5, true)).toBe(3);
  expect(() => theoremLambda({ minimum: 1, maximum: 0 }, 0.5, false)).toThrow(DataError);
  expect(() => theoremLambda({ minimum: 0, maximum: 1 }, 1, false)).toThrow(DataError);
});

it("radii: sqrt(ln(2 / p) / (2 n)) for two states and for rewards of span 1; all of it without draws", () => {
  const expected = Math.sqrt(Math.log(2 / 0.05) / 200);
  expect(transitionRadius(100, 2, 0.05)).toBeCloseTo(expected, 12);
  expect(rewardRadius(100, 1, 0.05)).toBeCloseTo(expected, 12);
  expect(transitionRadius(0, 5, 0.05)).toBe(1);
  expect(rewardRadius(0, 7, 0.05)).toBe(7);
  expect(transitionRadius(10, 5000, 0.05)).toBe(1);
  expect(() => transitionRadius(1, 2, 0)).toThrow(DataError);
});

it("rewards outside the declared range: the furthest of each source; rounding is inside", () => {
  const range = { minimum: -1, maximum: 0.3 };
  const sources = { "logged steps": [0, 0.5, -2.5, 3], "held-out steps": [-1, 0.1 + 0.2], none: [] };
  expect(rewardsOutside(range, sources)).toEqual(["rewards: logged steps pay 3, outside -1 to 0.3"]);
  expect(rewardsOutside(range, { "held-out steps": [-1.001] })).toHaveLength(1);
});

it("a log that pays more than the range says makes a certificate void", () => {
  const samples = { states: [0, 1], actions: [0, 0], rewards: [1.5, 0], nextStates: [0, 1] };
  const standing = (maximum: number) =>
    certifyTabular(modelFromSamples(samples, leaky(0.8), { rewards: { minimum: 0, maximum }, confidence: 0.9 }));
  expect(standing(1)).toMatchObject({ standing: "void", reasons: ["rewards: logged steps pay 1.5, outside 0 to 1"] });
  expect(standing(1.5)).toMatchObject({ standing: "holds if u >= error, not all checked", reasons: [] });
});

it("refuses a log that leaves the states", () => {
  const samples = { states: [0, 2], actions: [0, 0], rewards: [0, 0], nextStates: [1, 1] };
  expect(() => countSamples(samples, { states: 2, actions: 1 })).toThrow("step 1");
});

it.each([
  ["first states", { initial: Float64Array.of(3, 0) }, "initial: row 0"],
  ["terminal states", { terminal: Uint8Array.of(0) }, "terminal: 1 entries"],
  ["a discount", { discount: 1 }, "discount is 1"],
])("refuses %s that do not fit beside a log", (_, wrong, message) => {
  const samples = { states: [0], actions: [0], rewards: [1], nextStates: [1] };
  const range = { rewards: { minimum: 0, maximum: 1 }, confidence: 0.9 };
  expect(() => modelFromSamples(samples, { ...leaky(0.8), ...wrong }, range)).toThrow(DataError);
  expect(() => modelFromSamples(samples, { ...leaky(0.8), ...wrong }, range)).toThrow(message);
});
