import { DataError, Random } from "@lowerbound/core";
import { describe, expect, test } from "vitest";
import {
  checkMdp,
  evaluateTabular,
  greedyPolicy,
  randomMdp,
  type TabularMdp,
  tabularEnvironment,
  valueIteration,
} from "../src/index.js";

/** Two states: action 0 stays, action 1 moves; staying in state 1 pays 1. Values by hand, discount 0.5. */
const twoStates: TabularMdp = {
  states: 2,
  actions: 2,
  transitions: Float64Array.of(1, 0, 0, 1, 0, 1, 1, 0),
  rewards: Float64Array.of(0, 0, 1, 0),
  initial: Float64Array.of(1, 0),
  terminal: new Uint8Array(2),
  discount: 0.5,
};

describe("policy evaluation", () => {
  test("by hand: always move", () => {
    const { values, expectedReturn } = evaluateTabular(twoStates, Float64Array.of(0, 1, 0, 1));
    expect([...values, expectedReturn]).toEqual([0, 0, 0]);
  });

  test("by hand: move, then stay", () => {
    const { values, actionValues, expectedReturn } = evaluateTabular(twoStates, Float64Array.of(0, 1, 1, 0));
    expect([...values]).toEqual([1, 2]);
    expect([...actionValues]).toEqual([0.5, 1, 2, 0.5]);
    expect(expectedReturn).toBe(1);
  });

  test("by hand: evenly", () => {
    // v0 = (v0 + v1) / 4, v1 = 1/2 + (v1 + v0) / 4
    const { values } = evaluateTabular(twoStates, new Float64Array(4).fill(0.5));
    expect(values[0]).toBeCloseTo(0.25, 14);
    expect(values[1]).toBeCloseTo(0.75, 14);
  });

  test("terminal states are worth nothing", () => {
    const mdp = { ...twoStates, terminal: Uint8Array.of(0, 1) };
    expect([...evaluateTabular(mdp, Float64Array.of(0, 1, 1, 0)).values]).toEqual([0, 0]);
  });

  test("satisfies the Bellman equation on a random process", () => {
    const random = Random.fromSeed(4);
    const mdp = randomMdp(random, { states: 12, actions: 3, discount: 0.97 });
    const policy = new Float64Array(36).fill(1 / 3);
    const { values, actionValues } = evaluateTabular(mdp, policy);
    for (let s = 0; s < 12; s++) {
      const mean = (actionValues[3 * s]! + actionValues[3 * s + 1]! + actionValues[3 * s + 2]!) / 3;
      expect(values[s]).toBeCloseTo(mean, 10);
    }
  });
});

describe("value iteration", () => {
  test("by hand", () => {
    const { policy, values } = valueIteration(twoStates);
    expect([...policy]).toEqual([0, 1, 1, 0]);
    expect([...values]).toEqual([1, 2]);
  });

  test("no deterministic policy of a small random process is better", () => {
    const mdp = randomMdp(Random.fromSeed(8), { states: 4, actions: 2, discount: 0.9 });
    const best = valueIteration(mdp);
    for (let code = 0; code < 16; code++) {
      const policy = Float64Array.from({ length: 8 }, (_, i) => (((code >> (i >> 1)) & 1) === (i & 1) ? 1 : 0));
      expect(evaluateTabular(mdp, policy).expectedReturn).toBeLessThanOrEqual(best.expectedReturn + 1e-12);
    }
    expect(greedyPolicy(mdp, best.actionValues)).toEqual(best.policy);
  });
});

describe("bad processes", () => {
  test.each([
    ["a row that sums to 0.9", { transitions: Float64Array.of(0.9, 0, 0, 1, 0, 1, 1, 0) }, /transitions: row 0/],
    ["a negative probability", { initial: Float64Array.of(2, -1) }, /initial/],
    ["a missing entry", { rewards: Float64Array.of(0, 0, 1) }, /rewards: 3 entries/],
    ["a reward that is no number", { rewards: Float64Array.of(0, 0, Number.NaN, 0) }, /rewards\[2\]/],
    ["a discount of 1", { discount: 1 }, /discount/],
  ])("%s", (_, wrong, message) => {
    expect(() => checkMdp({ ...twoStates, ...wrong })).toThrow(DataError);
    expect(() => checkMdp({ ...twoStates, ...wrong })).toThrow(message);
  });

  test("a policy that does not fit", () => {
    expect(() => evaluateTabular(twoStates, Float64Array.of(1, 0, 1))).toThrow(/policy: 3 entries/);
    expect(() => evaluateTabular(twoStates, Float64Array.of(1, 1, 1, 0))).toThrow(/policy: row 0/);
  });
});

test("the environment's mean discounted return is the exact one", () => {
  const mdp = randomMdp(Random.fromSeed(21), { states: 4, actions: 2, discount: 0.8 });
  const { policy, expectedReturn } = valueIteration(mdp);
  const environment = tabularEnvironment(mdp, { timeLimit: 60 });
  const episodes = 2000;
  let total = 0;
  for (let seed = 0; seed < episodes; seed++) {
    let observation = environment.reset(seed);
    for (let t = 0; t < 60; t++) {
      const state = observation.indexOf(1);
      const step = environment.step(Float32Array.from(policy.subarray(2 * state, 2 * state + 2)));
      total += 0.8 ** t * step.reward;
      observation = step.observation;
    }
  }
  // The standard error is 0.01 here.
  expect(Math.abs(total / episodes - expectedReturn)).toBeLessThan(0.05);
});

test("a terminal state ends the episode", () => {
  const environment = tabularEnvironment({ ...twoStates, terminal: Uint8Array.of(0, 1) }, { timeLimit: 5 });
  environment.reset(0);
  expect(environment.step(Float32Array.of(1, 0))).toMatchObject({ terminated: false, truncated: false });
  expect(environment.step(Float32Array.of(0, 1))).toMatchObject({ terminated: true, truncated: false });
  expect(() => environment.step(Float32Array.of(0, 1))).toThrow(/ended/);
});
