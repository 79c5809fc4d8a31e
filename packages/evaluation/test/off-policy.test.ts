import type { DynamicsModel, Policy } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { actAll, evaluateOffPolicy, selectByEstimate } from "../src/index.js";
import { unseenWarning } from "../src/off-policy/fqe-program.js";
import {
  DISCOUNT,
  endless,
  engine,
  estimateFor,
  exact,
  jobOf,
  linear,
  options,
  transitions,
  truth,
} from "./line-log.js";

afterAll(() => engine.dispose());

describe("a policy's value from logged data alone", () => {
  it("in an exact model it is the truth, from every start", async () => {
    const { value, interval, episodes } = await estimateFor("model", jobOf(linear(-0.8)));
    expect(value).toBeCloseTo(truth(-0.8, 60), 3);
    expect(interval.low).toBeLessThan(value);
    expect(interval.high).toBeGreaterThan(value);
    expect(episodes).toBe(300);
  });

  it.each([-1, -0.35])("by fitted Q evaluation, gain %d", async (gain) => {
    const { value } = await estimateFor("fqe", jobOf(linear(gain)));
    expect(Math.abs(value - truth(gain, 100))).toBeLessThan(0.25);
  });

  it("warns where fitted Q evaluation cannot have looked far enough ahead", async () => {
    const job = jobOf(linear(-0.5));
    const short = { ...options, discount: 0.99, fqe: { ...options.fqe, updates: 60, targetInterval: 20 } };
    const { warning } = await estimateFor("fqe", { ...job, options: short });
    // 0.99^3 = 0.970
    expect(warning).toContain("up to 97 % of a value unseen");
    const enough = { ...short, discount: 0.3 };
    expect(await estimateFor("fqe", { ...job, options: enough })).not.toHaveProperty("warning");
    expect(unseenWarning({ ...short.fqe, updates: 10 }, 0.3)).toContain("up to 100 %");
    expect(unseenWarning({ ...short.fqe, updates: 10 }, 0)).toBeUndefined();
  });

  it.each(["fqe", "doubly-robust", "weighted-doubly-robust"] as const)(
    "%s says so where values run off to infinity in the last update",
    async (method) => {
      const wild = { ...options, fqe: { ...options.fqe, updates: 1, learningRate: 1e30 } };
      const [outcome] = await evaluateOffPolicy({ ...jobOf(linear(-0.5)), options: wild }, [method]);
      expect(outcome).toHaveProperty("refused", expect.stringContaining("the fitted values are not finite"));
    },
  );

  it("by weights, of the behaviour itself: the mean return of the data", async () => {
    const returns: number[] = [];
    const { episodeStarts: firsts, rewards } = transitions;
    for (let e = 0; e + 1 < firsts.length; e++) {
      let total = 0;
      for (let row = firsts[e]!; row < firsts[e + 1]!; row++) total += DISCOUNT ** (row - firsts[e]!) * rewards[row]!;
      returns.push(total);
    }
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    for (const method of ["is", "wis", "per-decision-wis"] as const) {
      const estimate = await estimateFor(method, jobOf(linear(-0.5)));
      expect(estimate.value).toBeCloseTo(mean, 4);
      expect(estimate.effectiveSampleSize).toBeCloseTo(300, 1);
    }
    // Doubly robust with fitted values is the same up to noise of the fit, whose mean error the weights take away, and to
    // what comes after the log's 20 steps, 0.8^20 = 0.01 of a value below 5.
    const robust = await estimateFor("weighted-doubly-robust", jobOf(linear(-0.5)));
    expect(Math.abs(robust.value - mean)).toBeLessThan(0.1);
  });

  it("has no interval from a single start or episode", async () => {
    const job = jobOf(linear(-0.5));
    const one = { ...transitions, count: 20, episodeStarts: Int32Array.of(0, 20) };
    for (const [method, options] of [
      ["model", { ...job.options, starts: 1 }],
      ["wis", job.options],
    ] as const) {
      const { value, interval, episodes } = await estimateFor(method, { ...job, options, transitions: one });
      expect(value).toBeGreaterThan(0);
      expect(interval).toEqual({ low: Number.NaN, high: Number.NaN });
      expect(episodes).toBe(1);
    }
  });

  it("says that rollouts ran off where the model's return is no number", async () => {
    const escaping: DynamicsModel = {
      ...exact,
      step: ({ observation }) => {
        const next = tf.mul(1e9, tf.add(tf.abs(observation), 1));
        return { nextObservation: next, reward: tf.sum(next, -1, true), carry: {} };
      },
    };
    const job = { ...jobOf(linear(-0.5)), model: { dynamics: escaping, tensors: {}, termination: endless } };
    const refused = expect.stringMatching(
      /rollouts in the model run off to infinity[\s\S]*use fqe, or a shorter horizon/,
    );
    expect(await evaluateOffPolicy(job, ["model"])).toEqual([{ method: "model", refused }]);
  });

  it("refuses what a policy or a run cannot give, and says why", async () => {
    const silent = jobOf(linear(-0.5, false));
    expect(await evaluateOffPolicy({ ...silent, model: undefined }, ["wis", "model"])).toEqual([
      { method: "wis", refused: expect.stringContaining("gives no log-probability of actions") },
      { method: "model", refused: expect.stringContaining("no fitted model of the dynamics") },
    ]);
  });
});

it("acting in batches fills the last one up and changes nothing", async () => {
  const observations = { rows: 7, columns: 2, data: Float32Array.from({ length: 14 }, (_, i) => i / 10) };
  const policy = linear(-0.5) as Policy;
  const whole = await actAll(policy, observations, { deterministic: true, seed: 0 });
  expect(await actAll(policy, observations, { deterministic: true, seed: 0, batch: 3 })).toEqual(whole);
  expect(whole).toMatchObject({ rows: 7, columns: 1 });
});

it("chooses by estimates and is judged by the truth where it is known", () => {
  const { order, quality } = selectByEstimate([
    { name: "a", estimate: 1, truth: 10 },
    { name: "b", estimate: 3, truth: 20 },
    { name: "c", estimate: 2, truth: 30 },
    { name: "d", estimate: 9 },
  ]);
  expect(order).toEqual(["d", "b", "c", "a"]);
  // Nobody knows what d is worth: the regret is that of b.
  expect(quality).toEqual({ candidates: 3, chosen: "b", rankCorrelation: 0.5, regretAtOne: 10 });
  expect(selectByEstimate([{ name: "a", estimate: 1, truth: 1 }]).quality).toBeUndefined();
});
