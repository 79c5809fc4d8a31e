import { Random } from "@lowerbound/core";
import { evaluateTabular, randomMdp, type TabularMdp, valueIteration } from "@lowerbound/environments";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { haltReward, haltTransition, morelOptions, thresholdOf } from "../src/index.js";

beforeAll(() => tf.setBackend("cpu"));

describe("what HALT is worth", () => {
  const [states, actions, kappa, discount] = [4, 2, 3, 0.9];
  const model = randomMdp(Random.fromSeed(7), { states, actions, discount });
  const discrepancies = Float32Array.of(0.1, 0.9, 0.2, 0.3, 0.8, 0.1, 0.4, 0.5);
  const threshold = 0.5;
  const isUnknown = (pair: number): boolean => discrepancies[pair]! > threshold;

  /** The model with one state more, HALT: `pays` decides rewards there and on the way, `ends` whether it is terminal. */
  function pessimistic(rewards: Float64Array, { inHalt, ends }: { inHalt: number; ends: boolean }): TabularMdp {
    const all = states + 1;
    const transitions = new Float64Array(all * actions * all);
    for (let pair = 0; pair < all * actions; pair++) {
      const halts = pair >= states * actions || isUnknown(pair);
      if (halts) transitions[pair * all + states] = 1;
      else transitions.set(model.transitions.subarray(pair * states, (pair + 1) * states), pair * all);
    }
    return {
      states: all,
      actions,
      transitions,
      rewards: Float64Array.from([...rewards, inHalt, inHalt]),
      initial: Float64Array.from([...model.initial, 0]),
      terminal: Uint8Array.from({ length: all }, (_, state) => (state === states && ends ? 1 : 0)),
      discount,
    };
  }

  function reshaped(): { rewards: Float64Array; terminations: Float32Array } {
    const pay = haltReward(kappa, discount, "for-ever");
    const { reshapeTransition } = haltTransition({ threshold, haltReward: pay });
    const nothing = tf.zeros([states * actions, 1]);
    const { reward, termination } = reshapeTransition({
      observation: nothing,
      action: nothing,
      nextObservation: nothing,
      reward: tf.tensor2d(Array.from(model.rewards), [states * actions, 1]),
      termination: nothing,
      penalty: tf.tensor2d(discrepancies, [states * actions, 1]),
    });
    return { rewards: Float64Array.from(reward.dataSync()), terminations: termination.dataSync() as Float32Array };
  }

  it("is the absorbing state's, for every policy and for the best one", () => {
    const { rewards, terminations } = reshaped();
    expect([...terminations]).toEqual([...discrepancies].map((u) => (u > Math.fround(threshold) ? 1 : 0)));
    const absorbing = pessimistic(model.rewards, { inHalt: -kappa, ends: false });
    const terminal = pessimistic(rewards, { inHalt: 0, ends: true });
    const optimum = valueIteration(absorbing).policy;
    const uniform = new Float64Array((states + 1) * actions).fill(1 / actions);
    for (const policy of [uniform, optimum]) {
      const [wanted, found] = [evaluateTabular(absorbing, policy), evaluateTabular(terminal, policy)];
      for (let state = 0; state < states; state++) expect(found.values[state]).toBeCloseTo(wanted.values[state]!, 4);
    }
    expect(evaluateTabular(absorbing, uniform).values[states]).toBeCloseTo(-kappa / (1 - discount), 9);
  });

  it("is paid once where public code is asked for", () => {
    expect(haltReward(30, 0.99, "once")).toBe(-30);
    expect(haltReward(2, 0.5, "for-ever")).toBe(-2);
  });

  it("asks for a discount only where it is paid for ever", () => {
    expect(haltReward(30, undefined, "once")).toBe(-30);
    expect(() => haltReward(30, undefined, "for-ever")).toThrow("does not say its discount");
  });
});

describe("the threshold", () => {
  const u = Float32Array.of(4, 1, 3, 2);

  it("follows each rule", () => {
    const by = (rule: object): number => thresholdOf(u, morelOptions.parse(rule));
    expect(by({ threshold: "maximum", thresholdCoefficient: 5 })).toBeCloseTo(0.8, 9);
    expect(by({ threshold: "quantile", thresholdQuantile: 0.5 })).toBeCloseTo(2.5, 9);
    expect(by({ threshold: "quantile", thresholdQuantile: 1 })).toBe(4);
    expect(by({ threshold: "spread", thresholdSpreads: 2 })).toBeCloseTo(2.5 + 2 * Math.sqrt(1.25), 9);
  });

  it("is the data's maximum where that is below 0, too", () => {
    expect(
      thresholdOf(
        u.map((value) => -value),
        morelOptions.parse({ threshold: "maximum" }),
      ),
    ).toBe(-1);
  });

  it("is by default one that an outlier of the data lies beyond, so that the same pair halts in a rollout", () => {
    const logged = Float32Array.from({ length: 1000 }, (_, row) => (row === 0 ? 50 : 1 + (row % 2)));
    const byDefault = thresholdOf(logged, morelOptions.parse({}));
    expect(byDefault).toBeGreaterThan(2);
    expect(byDefault).toBeLessThan(10);
    expect(thresholdOf(logged, morelOptions.parse({ threshold: "maximum" }))).toBe(50);
  });
});
