import { type DynamicsModel, type Matrix, type Policy, Random, type Transitions } from "@lowerbound/core";
import { inMemoryDataset, toTransitions } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  actAll,
  cloneBehaviour,
  evaluateOffPolicy,
  type OffPolicyJob,
  type OffPolicyMethod,
  offPolicyOptions,
  selectByEstimate,
} from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const DISCOUNT = 0.8;
const SPREAD = 0.3;
let transitions: Transitions;
beforeAll(async () => {
  transitions = await toTransitions(inMemoryDataset(lineWorld(6000, 1)), "with-next-keep-ends");
});

const clamp = (a: number): number => Math.max(-1, Math.min(1, a));

/** a = gain x, plus noise when it samples; its density is known. */
const linear = (gain: number, density = true): Policy<number> => ({
  capabilities: { stochastic: true, logProbability: density },
  init: async (_batch, seed) => seed,
  act: async ({ rows, data }, seed, { deterministic }) => {
    const noise = Random.fromSeed(seed).normal(new Float32Array(rows));
    const spread = deterministic ? 0 : SPREAD;
    const actions = Float32Array.from({ length: rows }, (_, k) => clamp(gain * data[2 * k]! + spread * noise[k]!));
    return { actions: { rows, columns: 1, data: actions }, state: seed + 1 };
  },
  ...(density
    ? {
        logProbability: async (observations: Matrix, actions: Matrix) =>
          Float32Array.from(actions.data, (action, k) => {
            const z = (action - gain * observations.data[2 * k]!) / SPREAD;
            return -0.5 * z * z - Math.log(SPREAD * Math.sqrt(2 * Math.PI));
          }),
      }
    : {}),
  close: async () => {},
});

/** x' = x + 0.5 a and reward 1 - x'^2, as the data were made. */
const exact: DynamicsModel = {
  capabilities: { members: false, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({}),
  stepNoise: () => ({}),
  initialCarry: () => ({}),
  step: ({ observation, action }) => {
    const next = tf.add(tf.slice(observation, [0, 0], [-1, 1]), tf.mul(0.5, action));
    return {
      nextObservation: tf.concat([next, tf.mul(0.5, next)], -1),
      reward: tf.sub(1, tf.square(next)),
      carry: {},
    };
  },
};
const endless = { terminated: ({ action }: { action: tf.Tensor }) => tf.less(tf.sum(action, 1), -1e9) };

/** Discounted return of the mode from every logged start, simulated in float64. */
function truth(gain: number, steps: number): number {
  const firsts = transitions.episodeStarts.slice(0, -1);
  let total = 0;
  for (const row of firsts) {
    let x = transitions.observations[2 * row]!;
    for (let t = 0; t < steps; t++) {
      x += 0.5 * clamp(gain * x);
      total += DISCOUNT ** t * (1 - x * x);
    }
  }
  return total / firsts.length;
}

const options = offPolicyOptions.parse({
  discount: DISCOUNT,
  horizon: 60,
  repetitions: 100,
  starts: 1000,
  valueSamples: 2,
  fqe: { hiddenSizes: [64, 64], updates: 3000, learningRate: 1e-3, targetInterval: 50 },
  behaviour: { hiddenSizes: [32, 32], updates: 1500 },
});

const jobOf = (policy: Policy): OffPolicyJob => ({
  engine,
  transitions,
  policy: policy as Policy,
  options,
  seed: 3,
  model: { dynamics: exact, tensors: {}, termination: endless },
  behaviour: async () => ({
    // The data's own: gain -0.5.
    logProbability: async (observations, actions) =>
      Float64Array.from(await linear(-0.5).logProbability!(observations, actions)),
    dispose: async () => {},
  }),
});

async function estimateFor(method: OffPolicyMethod, job: OffPolicyJob) {
  const [outcome] = await evaluateOffPolicy(job, [method]);
  if (outcome === undefined || !("estimate" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.estimate;
}

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
  });

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
        return { nextObservation: next, reward: tf.sum(next, -1), carry: {} };
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

describe("doubly robust estimates of a reward of 1 for ever", () => {
  const estimateOfLog = (log: Partial<Transitions>) => {
    const fqe = { ...options.fqe, updates: 1000, targetInterval: 20 };
    const job = { ...jobOf(linear(-0.5)), options: { ...options, fqe } };
    return estimateFor("doubly-robust", {
      ...job,
      transitions: { ...transitions, rewards: new Float32Array(transitions.count).fill(1), ...log },
    });
  };
  const cutAfter = (steps: number) =>
    Int32Array.from({ length: transitions.count / steps + 1 }, (_, episode) => episode * steps);

  it("count what comes after a time limit", async () => {
    // 1 / (1 - 0.8); within five steps it would be 3.36.
    expect((await estimateOfLog({ episodeStarts: cutAfter(5) })).value).toBeCloseTo(5, 1);
  });

  it("count nothing after a terminal step", async () => {
    const terminations = new Uint8Array(transitions.count).fill(1);
    expect((await estimateOfLog({ episodeStarts: cutAfter(1), terminations })).value).toBeCloseTo(1, 2);
  });
});

it("a cloned behaviour density finds mean and spread of the data's actions", async () => {
  const behaviour = await cloneBehaviour({
    engine,
    transitions,
    options: options.behaviour,
    random: Random.fromSeed(5),
  });
  // Where x = 0.4 the data's actions are N(-0.2, 0.3^2): divergence of the clone from it, summed over a grid, in nats.
  const actions = Float32Array.from({ length: 181 }, (_, k) => -0.9 + k / 100);
  const observations = {
    rows: 181,
    columns: 2,
    data: Float32Array.from({ length: 362 }, (_, i) => (i % 2 ? 0.2 : 0.4)),
  };
  const clone = await behaviour.logProbability(observations, { rows: 181, columns: 1, data: actions });
  const exactly = (a: number) => -0.5 * ((a + 0.2) / SPREAD) ** 2 - Math.log(SPREAD * Math.sqrt(2 * Math.PI));
  const divergence = actions.reduce((sum, a, k) => sum + 0.01 * Math.exp(exactly(a)) * (exactly(a) - clone[k]!), 0);
  expect(divergence).toBeGreaterThan(-0.01);
  expect(divergence).toBeLessThan(0.1);
  await behaviour.dispose();
});

describe("actions in a box of another width", () => {
  /** The same in another unit of actions: twice as large, both in the log and by the policy. */
  const doubled = (matrix: Matrix, by: number): Matrix => ({ ...matrix, data: matrix.data.map((a) => by * a) });
  const wide = (gain: number): Policy<number> => {
    const narrow = linear(gain);
    return {
      ...narrow,
      maximumAction: 2,
      act: async (...given) => {
        const { actions, state } = await narrow.act(...given);
        return { actions: doubled(actions, 2), state };
      },
      logProbability: async (observations, actions) =>
        (await narrow.logProbability!(observations, doubled(actions, 0.5))).map((log) => log - Math.LN2),
    };
  };
  const wideLog = () => ({ ...transitions, actions: transitions.actions.map((a) => 2 * a) });
  const methods = ["is", "wis", "per-decision-is", "per-decision-wis"] as const;

  it("gives the estimates that it gives in [-1, 1]", async () => {
    const behaviour = async (maximumAction: number) => {
      expect(maximumAction).toBe(2);
      return {
        logProbability: async (observations: Matrix, actions: Matrix) =>
          Float64Array.from(await wide(-0.5).logProbability!(observations, actions)),
        dispose: async () => {},
      };
    };
    for (const method of methods) {
      const narrow = await estimateFor(method, jobOf(linear(-0.6)));
      const job = { ...jobOf(wide(-0.6) as Policy), transitions: wideLog(), behaviour };
      expect((await estimateFor(method, job)).value).toBeCloseTo(narrow.value, 4);
    }
  });

  it("clones a behaviour over its box: half the density of actions twice as large", async () => {
    const common = { engine, options: { ...options.behaviour, updates: 200 } };
    const narrow = await cloneBehaviour({ ...common, transitions, random: Random.fromSeed(5) });
    const broad = await cloneBehaviour({
      ...common,
      transitions: wideLog(),
      random: Random.fromSeed(5),
      maximumAction: 2,
    });
    const observations = { rows: 3, columns: 2, data: Float32Array.of(0.4, 0.2, 0.4, 0.2, 0.4, 0.2) };
    const actions = { rows: 3, columns: 1, data: Float32Array.of(-0.7, 0, 0.9) };
    const expected = await narrow.logProbability(observations, actions);
    const found = await broad.logProbability(observations, doubled(actions, 2));
    for (const [row, log] of found.entries()) expect(log).toBeCloseTo(expected[row]! - Math.LN2, 3);
    await narrow.dispose();
    await broad.dispose();
  });

  it("refuses logged actions outside it, and names both", async () => {
    const first = transitions.actions.findIndex((a) => Math.abs(2 * a) > 1.001);
    const job = { ...jobOf(linear(-0.6)), transitions: wideLog() };
    const [outcome] = await evaluateOffPolicy(job, ["wis"]);
    expect(outcome).toHaveProperty("refused", expect.stringContaining("outside the policy's action box [-1, 1]"));
    expect(outcome).toHaveProperty("refused", expect.stringContaining(`transition ${first}: `));
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
  expect(quality).toEqual({ candidates: 3, rankCorrelation: 0.5, regretAtOne: 10 });
  expect(selectByEstimate([{ name: "a", estimate: 1, truth: 1 }]).quality).toBeUndefined();
});
