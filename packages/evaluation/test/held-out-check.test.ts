import type { TabularMdp } from "@lowerbound/environments";
import { describe, expect, it } from "vitest";
import { binomialTail, checkErrors, countSamples } from "../src/index.js";

describe("the binomial's upper tail", () => {
  it.each([
    [0, 5, 0, 1],
    [1, 5, 0, 0],
    [5, 5, 1, 1],
    [6, 5, 1, 0],
    [2, 3, 0.5, 4 / 8],
    [3, 3, 0.5, 1 / 8],
    [1, 5, 0.1, 1 - 0.9 ** 5],
    // Below the mean: 1 - 0.1^3.
    [1, 3, 0.9, 1 - 0.1 ** 3],
    // Twenty-five heads: Stirling's series.
    [25, 25, 0.5, 2 ** -25],
  ])("P(X >= %d) of %d draws of %d is %d", (count, draws, probability, tail) => {
    expect(binomialTail(count, draws, probability)).toBeCloseTo(tail, 13);
  });

  it("of a million draws: half of what the middle leaves, sqrt(2 / (pi 10^6)) (1 - 1 / (4 10^6))", () => {
    const middle = Math.sqrt(2 / (Math.PI * 1e6)) * (1 - 1 / 4e6);
    expect(binomialTail(500_001, 1e6, 0.5)).toBeCloseTo((1 - middle) / 2, 8);
    expect(binomialTail(500_000, 1e6, 0.5)).toBeCloseTo((1 + middle) / 2, 8);
  });
});

/** Two states that each stay where they are, one action, no rewards: lambda is 1. */
const staying: TabularMdp = {
  states: 2,
  actions: 1,
  transitions: Float64Array.of(1, 0, 0, 1),
  rewards: Float64Array.of(0, 0),
  initial: Float64Array.of(1, 0),
  terminal: Uint8Array.of(0, 0),
  discount: 0.5,
};

/** Held-out steps of state 0 to the given next states; 0.02 to each kind of test, 0.01 to a pair, 0.005 to an outcome. */
function check(nextStates: readonly number[], claim: { readonly transitions: number; readonly rewards?: number }) {
  const zeros = nextStates.map(() => 0);
  const samples = { states: zeros, actions: zeros, rewards: zeros, nextStates };
  const { transitions, rewards } = { rewards: 0, ...claim };
  const parts = { transitions: Float64Array.of(transitions, 1), rewards: Float64Array.of(rewards, 0) };
  const job = {
    model: staying,
    error: Float64Array.of(transitions + rewards, 1),
    lambda: 1,
    rewards: { minimum: 0, maximum: 1 },
    heldOut: countSamples(samples, staying),
    confidence: 0.94,
  };
  return { apart: checkErrors({ ...job, parts }), together: checkErrors(job) };
}

describe("held-out steps against a claim", () => {
  it("one step to where the model cannot go is enough, however small the share of doubt", () => {
    // P(X >= 1) of one draw is its probability: 0.005 at least, where 0 is claimed.
    for (const { verdict, violations } of Object.values(check([1], { transitions: 0 }))) {
      expect(verdict).toBe("failed");
      expect(violations).toEqual([{ state: 0, action: 0, excess: expect.closeTo(0.005, 9) }]);
    }
  });

  it("three steps of three: 0.125^3 is below 0.005, 0.25^3 is not", () => {
    const { apart } = check([1, 1, 1], { transitions: 0.125 });
    expect(apart.violations[0]?.excess).toBeCloseTo(Math.cbrt(0.005) - 0.125, 8);
    expect(check([1, 1, 1], { transitions: 0.25 }).apart.violations).toEqual([]);
  });

  it("one such step among many fails a claim of 0 and no claim that explains it", () => {
    const steps = Array.from({ length: 100 }, (_, k) => (k === 50 ? 1 : 0));
    expect(check(steps, { transitions: 0 }).apart.verdict).toBe("failed");
    // 1 - 0.9999^100 is 0.00995, above 0.005; 1 - 0.99996^100 is 0.00399.
    expect(check(steps, { transitions: 1e-4 }).apart.violations).toEqual([]);
    expect(check(steps, { transitions: 4e-5 }).apart.violations).toHaveLength(1);
  });

  it("a claim of a large reward error does not make up for one of no distance, where both are made", () => {
    const { apart, together } = check([1], { transitions: 0, rewards: 1 });
    expect(apart.verdict).toBe("failed");
    expect(together.violations).toEqual([]);
  });

  it("a reward that is always the same fails by more than rounding alone, of a model and of a claim", () => {
    // Three rewards of 0.1 have the mean 0.10000000000000002.
    const rewards = [0.1, 0.1, 0.1];
    const zeros = rewards.map(() => 0);
    const heldOut = countSamples({ states: zeros, actions: zeros, rewards, nextStates: zeros }, staying);
    expect(heldOut.rewards[0]! / 3).toBeGreaterThan(0.1);
    const verdictOf = (said: number, claim: number) => {
      const model = { ...staying, rewards: Float64Array.of(said, 0) };
      const parts = { transitions: Float64Array.of(0, 1), rewards: Float64Array.of(claim, 0) };
      const range = { minimum: 0.1, maximum: 0.1 };
      const job = { model, error: Float64Array.of(claim, 1), lambda: 0, rewards: range, heldOut, confidence: 0.94 };
      return [checkErrors({ ...job, parts }), checkErrors(job)].map(({ violations }) => violations.length);
    };
    expect(verdictOf(0.1, 0)).toEqual([0, 0]);
    // 0.4 - 0.1 is 0.30000000000000004.
    expect(verdictOf(0.4, 0.3)).toEqual([0, 0]);
    expect(verdictOf(0.1 + 1e-6, 0)).toEqual([1, 1]);
  });

  it("rounding does not hide the one step to where the model cannot go, in however large a process", () => {
    const states = 300;
    const heldOut = countSamples({ states: [0], actions: [0], rewards: [0], nextStates: [1] }, { states, actions: 1 });
    const transitions = Float64Array.from({ length: states * states }, (_, i) => (i % (states + 1) === 0 ? 1 : 0));
    const none = new Float64Array(states);
    const model = { ...staying, states, transitions, rewards: none, terminal: new Uint8Array(states) };
    const job = { model, error: none, lambda: 1, rewards: { minimum: 0, maximum: 1 }, heldOut, confidence: 0.9999 };
    const { violations } = checkErrors(job);
    expect(violations).toHaveLength(1);
    // 0.0001 to three tests of 300 pairs, and of each a 300th to an outcome.
    expect(violations[0]!.excess).toBeCloseTo(0.0001 / 270_000, 12);
  });
});
