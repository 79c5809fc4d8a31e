import { type Matrix, type Policy, Random, type Transitions } from "@lowerbound/core";
import { afterAll, describe, expect, it } from "vitest";
import { cloneBehaviour, evaluateOffPolicy } from "../src/index.js";
import { engine, estimateFor, jobOf, linear, options, SPREAD, transitions } from "./line-log.js";

afterAll(() => engine.dispose());

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
