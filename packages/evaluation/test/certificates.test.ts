import { Random } from "@lowerbound/core";
import {
  evaluateTabular,
  policyIteration,
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
  penalisedModel,
  returnBounds,
  totalVariation,
} from "../src/index.js";
import { SIZES, sample, sampleCounts, TRIALS } from "./random-processes.js";

it("policy iteration finds what value iteration finds", () => {
  for (let seed = 0; seed < 30; seed++) {
    const mdp = randomMdp(Random.fromSeed(seed), { states: 5, actions: 3, discount: 0.95 });
    const best = policyIteration(mdp);
    expect(best.expectedReturn).toBeCloseTo(valueIteration(mdp).expectedReturn, 8);
    expect([...best.policy]).toEqual([...valueIteration(mdp).policy]);
  }
});

/** Every deterministic policy of four states and two actions. */
const everyPolicy: readonly TabularPolicy[] = Array.from({ length: 16 }, (_, code) =>
  Float64Array.from({ length: 8 }, (_, i) => (((code >> (i >> 1)) & 1) === i % 2 ? 1 : 0)),
);

const returnOf = (mdp: TabularMdp, policy: TabularPolicy) => evaluateTabular(mdp, policy).expectedReturn;

/** Held-out steps a pair: their radius, 0.0025, is a quarter of what a model of 5000 steps a pair errs by. */
const HELD_OUT = 1e6;

describe("200 random processes, from samples alone", () => {
  it("u is at least the error; every bound holds, and none is looser than the theory's factor", () => {
    for (const { truth, bounded, behaviour } of TRIALS) {
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
      const gaps = TRIALS.filter((each) => each.draws === draws).map(({ truth, bounded }) => {
        const { policy, bounds } = certifyTabular(bounded);
        return returnOf(truth, policy) - bounds.lower;
      });
      return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    };
    // Radii shrink with the square root of the draws: a tenth for a hundred times as many.
    expect(gapAt(5000) / gapAt(50)).toBeLessThan(0.2);
  });

  it("the curve grows in return and error, and the loss at each of its points is kept to", () => {
    for (const { bounded } of TRIALS.slice(0, 40)) {
      const { curve, bounds } = certifyTabular(bounded);
      for (const [k, point] of curve.entries()) {
        expect(point.loss).toBeCloseTo(2 * bounded.lambda * point.delta, 9);
        expect(bounds.lower).toBeGreaterThanOrEqual(point.modelReturn - point.loss / 2 - 1e-9);
        if (k > 0) expect(point.delta).toBeGreaterThanOrEqual(curve[k - 1]!.delta - 1e-9);
      }
      expect(curve.at(-1)!.modelReturn).toBeCloseTo(policyIteration(bounded.model).expectedReturn, 9);
    }
  });

  it("with u scaled down until the bound fails, held-out steps void every certificate, and none of the claims as made", () => {
    const failing = { plain: 0, signed: 0 };
    for (const { truth, bounded, random, paying, range } of TRIALS) {
      const { model, lambda } = bounded;
      const heldOut = sampleCounts(paying, random.stream("held out"), HELD_OUT);
      const claimed = (scale: number) => bounded.error.map((each) => scale * each);
      const certify = (error: Float64Array) => {
        const check = checkErrors({ model, error, lambda, rewards: range, heldOut, confidence: 0.999 });
        return certifyTabular({ model, lambda, error, check });
      };
      expect(certify(bounded.error)).toMatchObject({ standing: "holds if u >= error", reasons: [] });
      const broken = [1 / 4, 1 / 16, 1 / 64, 1 / 256, 0].map(claimed).find((error) => {
        const { policy } = policyIteration(penalisedModel(model, error));
        return returnOf(truth, policy) < returnBounds(model, policy, error).lower - 1e-9;
      });
      if (broken === undefined) continue;
      failing[paying.signed ? "signed" : "plain"]++;
      expect(certify(broken)).toMatchObject({ standing: "void", check: { verdict: "failed" } });
    }
    // The others hold even with u = 0: there the model happens to promise too little.
    expect(failing.plain).toBeGreaterThan(40);
    expect(failing.signed).toBeGreaterThan(40);
  });
});

it("says what it could not check: no held-out steps, or none of some pairs", () => {
  const { bounded, truth, paying, range } = TRIALS[1]!;
  const { check: none, standing } = certifyTabular(bounded);
  expect(none).toMatchObject({ verdict: "not checked", checked: 0, unchecked: { length: 8 } });
  expect(standing).toBe("holds if u >= error, not all checked");
  const all = sample(paying, Random.fromSeed(9), () => 5000);
  const first = <T>(values: ArrayLike<T>) =>
    Array.from(values).filter((_, i) => all.states[i] === 0 && all.actions[i] === 0);
  const some = {
    states: first(all.states),
    actions: first(all.actions),
    rewards: first(all.rewards),
    nextStates: first(all.nextStates),
  };
  const heldOut = countSamples(some, truth);
  const check = checkErrors({ ...bounded, rewards: range, heldOut, confidence: 0.95 });
  expect(check).toMatchObject({ verdict: "partly checked", checked: 1, unchecked: { length: 7 }, violations: [] });
});
