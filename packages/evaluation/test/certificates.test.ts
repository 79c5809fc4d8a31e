import { Random } from "@lowerbound/core";
import {
  evaluateTabular,
  policyIteration,
  randomDistributions,
  randomMdp,
  type TabularMdp,
  type TabularPolicy,
  valueIteration,
} from "@lowerbound/environments";
import { describe, expect, it } from "vitest";
import {
  certifyTabular,
  checkErrors,
  countSamples,
  modelFromSamples,
  returnBounds,
  type TabularSamples,
  totalVariation,
} from "../src/index.js";

it("policy iteration finds what value iteration finds", () => {
  for (let seed = 0; seed < 30; seed++) {
    const mdp = randomMdp(Random.fromSeed(seed), { states: 5, actions: 3, discount: 0.95 });
    const best = policyIteration(mdp);
    expect(best.expectedReturn).toBeCloseTo(valueIteration(mdp).expectedReturn, 8);
    expect([...best.policy]).toEqual([...valueIteration(mdp).policy]);
  }
});

const SIZES = { states: 4, actions: 2, discount: 0.9 };
const RANGE = { minimum: 0, maximum: 1 };

/** Independent steps from each pair in turn, `draws` each. */
function sample(mdp: TabularMdp, random: Random, draws: number): TabularSamples {
  const { states, actions } = mdp;
  const levels = random.uniform(new Float32Array(states * actions * draws));
  const rows = [...levels.keys()].map((i) => i % (states * actions));
  return {
    states: rows.map((row) => Math.floor(row / actions)),
    actions: rows.map((row) => row % actions),
    rewards: rows.map((row) => mdp.rewards[row]!),
    nextStates: rows.map((row, i) => {
      let sum = mdp.transitions[row * states]!;
      let next = 0;
      while (levels[i]! >= sum && next < states - 1) sum += mdp.transitions[row * states + ++next]!;
      return next;
    }),
  };
}

/** Every deterministic policy of four states and two actions. */
const everyPolicy: readonly TabularPolicy[] = Array.from({ length: 16 }, (_, code) =>
  Float64Array.from({ length: 8 }, (_, i) => (((code >> (i >> 1)) & 1) === i % 2 ? 1 : 0)),
);

/** A process, and what its log alone says of it. */
function trial(seed: number) {
  const random = Random.fromSeed(seed);
  const truth = randomMdp(random.stream("process"), SIZES);
  const draws = [5, 50, 500, 5000][seed % 4]!;
  const log = sample(truth, random.stream("log"), draws);
  const bounded = modelFromSamples(log, truth, { rewards: RANGE, confidence: 0.9999 });
  const behaviour = randomDistributions(random.stream("behaviour"), SIZES.states, SIZES.actions);
  return { truth, bounded, behaviour, random, draws };
}
const TRIALS = Array.from({ length: 200 }, (_, seed) => seed);
const returnOf = (mdp: TabularMdp, policy: TabularPolicy) => evaluateTabular(mdp, policy).expectedReturn;

describe("200 random processes, from samples alone", () => {
  it("u is at least the error; every bound holds, and none is looser than the theory's factor", () => {
    for (const seed of TRIALS) {
      const { truth, bounded, behaviour } = trial(seed);
      const { model, error, lambda } = bounded;
      const tv = totalVariation(model.transitions, truth.transitions, SIZES.states);
      for (const [row, distance] of tv.entries()) {
        const actual = Math.abs(model.rewards[row]! - truth.rewards[row]!) + lambda * distance;
        expect(error[row]).toBeGreaterThanOrEqual(actual);
      }
      const certificate = certifyTabular({ model, lambda, error, behaviour });
      const { policy, bounds, optimumAtMost, optimalityGap } = certificate;
      const achieved = returnOf(truth, policy);
      expect(achieved).toBeGreaterThanOrEqual(bounds.lower);
      expect(achieved).toBeLessThanOrEqual(bounds.upper);
      // Tight as theory says: the truth lies at most 2 lambda eps_u above its lower bound.
      expect(achieved - bounds.lower).toBeLessThanOrEqual(2 * bounds.penalty);
      for (const other of [...everyPolicy, behaviour]) {
        const { penalty } = returnBounds(model, other, error);
        expect(achieved).toBeGreaterThanOrEqual(returnOf(truth, other) - 2 * penalty - 1e-9);
      }
      const best = policyIteration(truth).expectedReturn;
      expect(best).toBeLessThanOrEqual(optimumAtMost);
      expect(best - achieved).toBeLessThanOrEqual(optimalityGap);
      const gained = achieved - returnOf(truth, behaviour);
      expect(gained).toBeGreaterThanOrEqual(certificate.behaviour!.improvementAtLeast);
    }
  });

  it("the lower bound closes in on the truth as the log grows", () => {
    const gapAt = (draws: number) => {
      const gaps = TRIALS.map(trial)
        .filter((each) => each.draws === draws)
        .map(({ truth, bounded }) => {
          const { policy, bounds } = certifyTabular(bounded);
          return returnOf(truth, policy) - bounds.lower;
        });
      return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    };
    // Radii shrink with the square root of the draws: a tenth for a hundred times as many.
    expect(gapAt(5000) / gapAt(50)).toBeLessThan(0.2);
  });

  it("the curve grows in return and error, and the loss at each of its points is kept to", () => {
    for (const seed of TRIALS.slice(0, 40)) {
      const { bounded } = trial(seed);
      const { curve, bounds } = certifyTabular(bounded);
      for (const [k, point] of curve.entries()) {
        expect(point.loss).toBeCloseTo(2 * bounded.lambda * point.delta, 9);
        expect(bounds.lower).toBeGreaterThanOrEqual(point.modelReturn - point.loss / 2 - 1e-9);
        if (k > 0) expect(point.delta).toBeGreaterThanOrEqual(curve[k - 1]!.delta - 1e-9);
      }
      expect(curve.at(-1)!.modelReturn).toBeCloseTo(policyIteration(bounded.model).expectedReturn, 9);
    }
  });

  it("with u scaled down until the bound fails, held-out steps void the certificate or it says that they are too few", () => {
    const outcomes = { failing: 0, void: 0, coarse: 0 };
    for (const seed of TRIALS) {
      const { truth, bounded, random, draws } = trial(seed);
      const { model, lambda } = bounded;
      const claimed = (scale: number) => bounded.error.map((each) => scale * each);
      const heldOut = countSamples(sample(truth, random.stream("held out"), 20_000), truth);
      const certify = (error: Float64Array) => {
        const check = checkErrors({ model, error, lambda, rewards: RANGE, heldOut, confidence: 0.999 });
        return certifyTabular({ model, lambda, error, check });
      };
      expect(certify(bounded.error)).toMatchObject({
        standing: "holds if u >= error",
        check: { verdict: "not seen to fail", unchecked: [] },
      });
      const broken = [1 / 4, 1 / 16, 1 / 64, 1 / 256, 0].find((scale) => {
        const { policy, bounds } = certifyTabular({ model, lambda, error: claimed(scale) });
        return returnOf(truth, policy) < bounds.lower - 1e-9;
      });
      if (broken === undefined) continue;
      outcomes.failing++;
      const { standing, check } = certify(claimed(broken));
      if (standing === "void") outcomes.void++;
      // A model of more steps than a held-out pair has errs by less than those can tell.
      else if (draws >= 500 && check.unchecked.length > 0 && check.verdict !== "not seen to fail") outcomes.coarse++;
    }
    expect(outcomes.void + outcomes.coarse).toBe(outcomes.failing);
    // The others hold even with u = 0: there the model happens to promise too little.
    expect(outcomes.failing).toBeGreaterThan(80);
    expect(outcomes.void / outcomes.failing).toBeGreaterThan(0.75);
  });
});

it("says what it could not check: no held-out steps, or none of some pairs", () => {
  const { bounded, truth } = trial(1);
  const { check: none, standing } = certifyTabular(bounded);
  expect(none).toMatchObject({ verdict: "not checked", checked: 0, unchecked: { length: 8 } });
  expect(standing).toBe("holds if u >= error, not all checked");
  const all = sample(truth, Random.fromSeed(9), 5000);
  const first = <T>(values: ArrayLike<T>) =>
    Array.from(values).filter((_, i) => all.states[i] === 0 && all.actions[i] === 0);
  const some = {
    states: first(all.states),
    actions: first(all.actions),
    rewards: first(all.rewards),
    nextStates: first(all.nextStates),
  };
  const heldOut = countSamples(some, truth);
  const check = checkErrors({ ...bounded, rewards: RANGE, heldOut, confidence: 0.95 });
  expect(check).toMatchObject({ verdict: "partly checked", checked: 1, unchecked: { length: 7 }, violations: [] });
});
