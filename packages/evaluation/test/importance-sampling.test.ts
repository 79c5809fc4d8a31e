import { CapabilityError, DataError, Random } from "@lowerbound/core";
import { evaluateTabular, randomMdp, type TabularMdp } from "@lowerbound/environments";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  discountedReturn,
  doublyRobust,
  type Estimator,
  effectiveSampleSize,
  estimateOf,
  evaluateWithin,
  ratioEstimators,
  type TabularEpisode,
  tabularEpisode,
  type WeightedEpisode,
  weighEpisode,
} from "../src/index.js";

const logs = (...ratios: number[]): Float64Array => Float64Array.from(ratios, Math.log);
const episode = (rewards: number[], ratios: number[], q: number[] = [], v: number[] = []): WeightedEpisode =>
  weighEpisode({
    rewards: Float64Array.from(rewards),
    logRatios: logs(...ratios),
    ...(q.length === 0 ? {} : { actionValues: Float64Array.from(q), values: Float64Array.from(v) }),
  });

describe("by hand", () => {
  // Returns at discount 0.5: 1 + 0.5 * 2 = 2 and 4; weights 0.5 * 3 = 1.5 and 2.
  const two = [episode([1, 2], [0.5, 3], [1, 1], [0.5, 2]), episode([4], [2], [3], [1])];

  it.each<[keyof typeof ratioEstimators, number]>([
    ["is", (1.5 * 2 + 2 * 4) / 2],
    ["wis", (1.5 * 2 + 2 * 4) / 3.5],
    ["per-decision-is", (0.5 + 0.5 * 1.5 * 2 + 2 * 4) / 2],
    // Step 0: weights 0.5 and 2; step 1: 1.5 and the ended episode's 2.
    ["per-decision-wis", (0.5 * 1 + 2 * 4) / 2.5 + (0.5 * 1.5 * 2) / 3.5],
    ["direct", (0.5 + 1) / 2],
    // First: v1 = 2 + 3 (2 - 1) = 5, v0 = 0.5 + 0.5 (1 + 0.5 * 5 - 1) = 1.75; second: 1 + 2 (4 - 3) = 3.
    ["doubly-robust", (1.75 + 3) / 2],
    [
      "weighted-doubly-robust",
      0.2 * (1 - 1) + 0.5 * 0.5 + 0.5 * ((1.5 / 3.5) * (2 - 1) + 0.2 * 2) + 0.8 * (4 - 3) + 0.5 * 1,
    ],
  ])("%s", (name, expected) => {
    expect(ratioEstimators[name](two, 0.5)).toBeCloseTo(expected, 12);
  });

  it("values what a time limit cut off by what is given for it, and nothing after a terminal step", () => {
    const cut = weighEpisode({ ...two[0]!, finalValue: 4 });
    // As above with v2 = 4: v1 = 2 + 3 (2 + 0.5 * 4 - 1) = 11, v0 = 0.5 + 0.5 (1 + 0.5 * 11 - 1) = 3.25.
    expect(doublyRobust([cut, two[1]!], 0.5)).toBeCloseTo((3.25 + 3) / 2, 12);
    const without = ratioEstimators["weighted-doubly-robust"](two, 0.5);
    // The step's own weight, 1.5 of 3.5, and two steps' discount.
    const more = 0.25 * (1.5 / 3.5) * 4;
    expect(ratioEstimators["weighted-doubly-robust"]([cut, two[1]!], 0.5)).toBeCloseTo(without + more, 12);
  });

  it("effective sample size", () => {
    expect(effectiveSampleSize(two)).toBeCloseTo(3.5 ** 2 / (1.5 ** 2 + 4), 12);
    expect(effectiveSampleSize([episode([1], [1]), episode([1], [1])])).toBeCloseTo(2, 12);
  });

  it("survives products that overflow", () => {
    const long = (ratio: number, reward: number) =>
      episode(Array<number>(2000).fill(reward), Array<number>(2000).fill(ratio));
    const both = [long(3, 1), long(2, 5)];
    expect(ratioEstimators.wis(both, 1)).toBeCloseTo(2000, 6);
    expect(ratioEstimators.is(both, 1)).toBe(Infinity);
    expect(effectiveSampleSize(both)).toBeCloseTo(1, 6);
  });

  it("knows that nothing overlaps", () => {
    const none = [episode([1], [0]), episode([2], [0])];
    expect(ratioEstimators.is(none, 1)).toBe(0);
    expect(ratioEstimators.wis(none, 1)).toBeNaN();
  });

  it("refuses what it cannot weigh", () => {
    expect(() => episode([1, 2], [1])).toThrow(DataError);
    expect(() => episode([1], [Number.NaN])).toThrow("step 0");
    expect(() => doublyRobust([episode([1], [1])], 1)).toThrow(CapabilityError);
    const comparison = { actions: 2, target: Float64Array.of(0.5, 0.5), behaviour: Float64Array.of(1, 0) };
    expect(() => tabularEpisode({ states: [0], actions: [1], rewards: [0] }, comparison)).toThrow("never takes");
  });
});

interface Path extends TabularEpisode {
  readonly probability: number;
}

/** Every episode of at most `steps` steps that a policy can log, with its probability. */
function allPaths(mdp: TabularMdp, policy: Float64Array, steps: number): readonly Path[] {
  const extend = (state: number, path: Path, left: number): readonly Path[] => {
    if (left === 0 || mdp.terminal[state] === 1) return [path];
    return [...Array(mdp.actions).keys()].flatMap((action) =>
      [...Array(mdp.states).keys()].flatMap((next) => {
        const row = state * mdp.actions + action;
        const probability = path.probability * policy[row]! * mdp.transitions[row * mdp.states + next]!;
        if (probability === 0) return [];
        const states = [...Array.from(path.states), state];
        const actions = [...Array.from(path.actions), action];
        const rewards = [...Array.from(path.rewards), mdp.rewards[row]!];
        return extend(next, { states, actions, rewards, probability }, left - 1);
      }),
    );
  };
  const start = { states: [], actions: [], rewards: [] };
  return [...mdp.initial.keys()].flatMap((state) =>
    extend(state, { ...start, probability: mdp.initial[state]! }, steps),
  );
}

describe("exactly, on every random process of two states", () => {
  const cases = fc.record({
    seed: fc.nat(10_000),
    target: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    behaviour: fc.tuple(
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    ),
    q: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
    steps: fc.integer({ min: 1, max: 3 }),
  });
  const policyOf = ([a, b]: readonly [number, number]) => Float64Array.of(a, 1 - a, b, 1 - b);

  it.each(["is", "per-decision-is", "doubly-robust"] as const)(
    "%s is unbiased, whatever the value estimates",
    (name) => {
      fc.assert(
        fc.property(cases, ({ seed, target, behaviour, q, steps }) => {
          const mdp = randomMdp(Random.fromSeed(seed), { states: 2, actions: 2, discount: 0.9 });
          const comparison = {
            actions: 2,
            target: policyOf(target),
            behaviour: policyOf(behaviour),
            actionValues: Float64Array.from(q),
          };
          const estimator: Estimator = ratioEstimators[name];
          const expected = allPaths(mdp, comparison.behaviour, steps).reduce(
            (sum, path) => sum + path.probability * estimator([weighEpisode(tabularEpisode(path, comparison))], 0.9),
            0,
          );
          expect(expected).toBeCloseTo(evaluateWithin(mdp, comparison.target, steps).expectedReturn, 8);
        }),
        { numRuns: 40 },
      );
    },
  );

  it.each(["doubly-robust", "weighted-doubly-robust"] as const)(
    "%s with exact endless values is exact on cut episodes, whatever the ratios",
    (name) => {
      // Reward 1 for ever at discount 0.9 is worth 10 everywhere.
      const ratios = fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 1, maxLength: 5 });
      fc.assert(
        fc.property(fc.array(ratios, { minLength: 1, maxLength: 4 }), (each) => {
          const tens = (own: readonly number[]) => new Float64Array(own.length).fill(10);
          const cut = each.map((own) =>
            weighEpisode({
              rewards: new Float64Array(own.length).fill(1),
              logRatios: logs(...own),
              actionValues: tens(own),
              values: tens(own),
              finalValue: 10,
            }),
          );
          expect(ratioEstimators[name](cut, 0.9)).toBeCloseTo(10, 9);
        }),
      );
    },
  );

  it("weighted estimates of one's own policy are means of the data", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 6,
        }),
        (rewards) => {
          const own = rewards.map((each) => episode(each, [1, 1, 1]));
          const mean = rewards.reduce((sum, each) => sum + discountedReturn(each, 0.9), 0) / rewards.length;
          for (const name of ["is", "wis", "per-decision-is", "per-decision-wis"] as const) {
            expect(ratioEstimators[name](own, 0.9)).toBeCloseTo(mean, 10);
          }
          expect(effectiveSampleSize(own)).toBeCloseTo(own.length, 10);
        },
      ),
    );
  });
});

it("values within many steps are the endless ones", () => {
  const mdp = randomMdp(Random.fromSeed(4), { states: 4, actions: 3, discount: 0.8 });
  const policy = new Float64Array(12).fill(1 / 3);
  const endless = evaluateTabular(mdp, policy);
  expect(evaluateWithin(mdp, policy, 200).expectedReturn).toBeCloseTo(endless.expectedReturn, 12);
});

it("an interval of weighted episodes holds the truth about as often as it says", () => {
  // One step; the target takes action 1 with 0.8, the behaviour with 0.5; action 1 pays 1, action 0 nothing: truth 0.8.
  const random = Random.fromSeed(11);
  let covered = 0;
  for (let trial = 0; trial < 200; trial++) {
    const draws = random.uniform(new Float32Array(60));
    const logged = [...draws].map((u) => (u < 0.5 ? episode([1], [1.6]) : episode([0], [0.4])));
    const { interval } = estimateOf(ratioEstimators.wis, logged, 1, {
      random: random.stream(`trial ${trial}`),
      repetitions: 200,
      confidence: 0.9,
    });
    if (interval.low <= 0.8 && 0.8 <= interval.high) covered++;
  }
  expect(covered / 200).toBeGreaterThan(0.82);
  expect(covered / 200).toBeLessThan(0.97);
});
