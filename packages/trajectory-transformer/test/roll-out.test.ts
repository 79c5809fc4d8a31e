import { type PlanningState, Random } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, expect, it } from "vitest";
import {
  encode,
  type FittedModel,
  openTokenModel,
  type ReadingOptions,
  type RollOutRequest,
  rollOut,
  type Trajectories,
  tokenLogProbabilities,
} from "../src/index.js";
import { handModel, type Logit } from "./hand-model.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

type Request = Partial<Omit<RollOutRequest, "random">> & { readonly seed?: number };

async function rolled(fitted: FittedModel, { seed = 0, ...request }: Request, options: ReadingOptions = {}) {
  const model = openTokenModel(engine, fitted, options);
  const starts = [stateOf(...new Array<number>(fitted.sizes.observation).fill(0.1))];
  const found = rollOut(model, { starts, steps: 1, ...request, random: Random.fromSeed(seed) });
  return found.finally(() => model.decoder.close());
}

const stateOf = (...observation: number[]): PlanningState => ({ observation: Float32Array.from(observation) });

/** Tokens of a row's transitions from `from` to `to`, and of the observation that follows: middles of bins are in them. */
function tokensBetween({ discretiser, sizes }: FittedModel, of: Trajectories, row: number, from: number, to: number) {
  const { observation, action } = sizes;
  const steps = Array.from({ length: to - from }, (_, i) => {
    const step = row * of.steps + from + i;
    const at = (row * (of.steps + 1) + from + i) * observation;
    return [
      ...of.observations.subarray(at, at + observation),
      ...of.actions.subarray(step * action, (step + 1) * action),
      of.rewards[step]!,
      of.values[step]!,
    ];
  });
  const last = (row * (of.steps + 1) + to) * observation;
  const values = [...steps.flat(), ...of.observations.subarray(last, last + observation)];
  return encode(discretiser, values);
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe("rolling out a model of trajectories", () => {
  it("gives the log-probabilities that the density gives the sampled trajectories", async () => {
    const fitted = randomModel();
    const starts = [stateOf(0.9, -0.9), stateOf(-0.5, 0.2)];
    const found = await rolled(fitted, { starts, samples: 3, steps: 3 });
    const { decoder } = openTokenModel(engine, fitted);
    const whole = Array.from({ length: 6 }, (_, row) => [...tokensBetween(fitted, found, row, 0, 3)]);
    const logs = await tokenLogProbabilities(decoder, Int32Array.from(whole.flat()), 6);
    const [length, width] = [whole[0]!.length, 5];
    for (let row = 0; row < 6; row++) {
      for (let step = 0; step < 3; step++) {
        const at = row * length + step * width + 2;
        const action = found.actionLogProbabilities[row * 3 + step]!;
        const outcome = found.outcomeLogProbabilities[row * 3 + step]!;
        expect(action).toBeCloseTo(sum(logs.slice(at, at + 1)), 4);
        expect(outcome).toBeCloseTo(sum(logs.slice(at + 1, at + width)), 4);
      }
    }
    await decoder.close();
  });

  it("forgets what is older than its context, and reads the rest as if it began there", async () => {
    const fitted = randomModel({ transitions: 6 });
    const found = await rolled(fitted, { steps: 5 }, { contextTransitions: 3 });
    const { decoder } = openTokenModel(engine, fitted);
    for (const step of [2, 3, 4]) {
      const acting = await tokenLogProbabilities(decoder, tokensBetween(fitted, found, 0, step - 2, step + 1), 1);
      const following = await tokenLogProbabilities(decoder, tokensBetween(fitted, found, 0, step - 1, step + 1), 1);
      expect(found.actionLogProbabilities[step]).toBeCloseTo(acting[12]!, 4);
      const outcome = acting[13]! + acting[14]! + sum(following.slice(10));
      expect(found.outcomeLogProbabilities[step]).toBeCloseTo(outcome, 4);
    }
    await decoder.close();
  });

  it("gives the same trajectories for the same seed, and each start its own", async () => {
    const fitted = randomModel();
    const starts = [stateOf(0.9, -0.9), stateOf(-0.5, 0.2)];
    const [first, again, other] = await Promise.all(
      [7, 7, 8].map((seed) => rolled(fitted, { starts, samples: 2, steps: 6, seed })),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const startOf = (row: number) => first!.observations.slice(row * 14, row * 14 + 2);
    expect([0, 1, 2, 3].map(startOf)).toEqual([0, 0, 1, 1].map((start) => starts[start]!.observation));
  });

  it("starts from a history as if it had sampled it", async () => {
    const fitted = randomModel();
    const past = await rolled(fitted, { steps: 2 });
    const observation = past.observations.slice(4);
    const history = {
      observations: { rows: 2, columns: 2, data: past.observations.slice(0, 4) },
      actions: { rows: 2, columns: 1, data: past.actions },
      rewards: past.rewards,
    };
    const found = await rolled(fitted, { starts: [{ observation, history }], steps: 1, seed: 3 });
    const [action, reward] = [[...found.actions], [...found.rewards]];
    const joined = { ...found, steps: 3, rewards: Float32Array.of(...past.rewards, ...reward) };
    const whole = tokensBetween(
      fitted,
      {
        ...joined,
        observations: Float32Array.of(...past.observations.slice(0, 4), ...found.observations),
        actions: Float32Array.of(...past.actions, ...action),
        values: Float32Array.of(...past.values, ...found.values),
      },
      0,
      0,
      3,
    );
    const { decoder } = openTokenModel(engine, fitted);
    const logs = await tokenLogProbabilities(decoder, whole, 1);
    expect(found.actionLogProbabilities[0]).toBeCloseTo(logs[12]!, 4);
    expect(found.outcomeLogProbabilities[0]).toBeCloseTo(sum(logs.slice(13)), 4);
    await decoder.close();
  });

  // The action's bin 4 is drawn with probability e^2 / (e^2 + 4); the reward is the action's bin, and ends follow low ones.
  const [OBSERVATION, ACTION, , VALUE] = [0, 1, 2, 3];
  const leaning: Logit = (place, last, next) => {
    if (place === OBSERVATION) return next === 4 ? 2 : next === 5 ? -40 : 0;
    if (place === ACTION) return next === last ? 40 : 0;
    return place === VALUE && next === 5 ? 40 : next === 5 ? -40 : 0;
  };

  it("draws actions as often as their probability says", async () => {
    const { actions } = await rolled(handModel(leaning), { samples: 4000, steps: 1 });
    const share = actions.filter((value) => value > 0.7).length / 4000;
    const probability = Math.exp(2) / (Math.exp(2) + 4);
    expect(Math.abs(share - probability)).toBeLessThan(4 * Math.sqrt((probability * (1 - probability)) / 4000));
  });

  it("goes on with given actions, and says how likely they are", async () => {
    const actions = Float32Array.of(0.9, -0.35, 0.1, -0.9, 0.3, 0.75);
    const starts = [stateOf(0.1), stateOf(0.5)];
    const found = await rolled(handModel(leaning), { starts, samples: 2, steps: 3, actions });
    const of = [0, 0, 1, 1].flatMap((start) => [...actions.subarray(3 * start, 3 * start + 3)]);
    expect(found.actions).toEqual(Float32Array.from(of));
    const middles = [-0.8, -0.4, 0, 0.4, 0.8];
    of.forEach((value, i) => {
      const bin = Math.floor((value + 1) / 0.4);
      expect(found.rewards[i]).toBeCloseTo(middles[bin]!, 5);
      const log = (bin === 4 ? 2 : 0) - Math.log(Math.exp(2) + 4);
      expect(found.actionLogProbabilities[i]).toBeCloseTo(log, 4);
    });
  });

  it("draws among the tokens that filters leave, and counts probabilities of all", async () => {
    const found = await rolled(handModel(leaning), { samples: 50, steps: 2 }, { filters: { action: { topK: 1 } } });
    expect(found.actions.every((value) => Math.abs(value - 0.8) < 1e-6)).toBe(true);
    expect(found.actionLogProbabilities[7]).toBeCloseTo(2 - Math.log(Math.exp(2) + 4), 4);
  });

  it("ends with the token of the end, after which nothing counts", async () => {
    const found = await rolled(handModel(leaning, 6, true), { steps: 3 });
    expect([...found.terminations]).toEqual([1, 0, 0]);
    expect(found.observations).toEqual(new Float32Array(4).fill(0.1));
    expect(found.rewards.slice(1)).toEqual(new Float32Array(2));
    expect(found.actions.slice(1)).toEqual(new Float32Array(2));
    // Reward sure, value even, the end sure.
    expect(found.outcomeLogProbabilities[0]).toBeCloseTo(-Math.log(5), 4);
    expect(found.outcomeLogProbabilities.slice(1)).toEqual(new Float64Array(2));
  });

  it.each([
    ["the action", OBSERVATION, { actions: 0, rewards: 0, values: 0 }],
    ["the reward", ACTION, { actions: 0.8, rewards: 0, values: 0 }],
    ["the value", 2, { actions: 0.8, rewards: 0.8, values: 0 }],
  ])("counts nothing where the end stands in the place of %s", async (_, at, wanted) => {
    const ending: Logit = (place, _, next) => (next === (place === at ? 5 : 4) ? 40 : -40);
    const found = await rolled(handModel(ending, 6, true), { steps: 1 });
    expect([...found.terminations]).toEqual([1]);
    for (const [name, value] of Object.entries(wanted)) {
      expect(found[name as keyof typeof wanted][0]).toBeCloseTo(value, 6);
    }
  });

  it("never ends where episodes are said to go on", async () => {
    const found = await rolled(handModel(leaning, 6, true), { steps: 3, samples: 20 }, { ends: false });
    expect(found.terminations.every((end) => end === 0)).toBe(true);
    expect(found.outcomeLogProbabilities[0]).toBeCloseTo(-2 * Math.log(5), 4);
  });

  it("refuses requests of other sizes and models that give no probabilities", async () => {
    const fitted = handModel(leaning);
    await expect(rolled(fitted, { starts: [] })).rejects.toThrow("0 starts");
    await expect(rolled(fitted, { steps: 0 })).rejects.toThrow("0 steps");
    await expect(rolled(fitted, { actions: new Float32Array(2) })).rejects.toThrow("2 action entries");
    await expect(rolled(fitted, { starts: [stateOf(1, 2)] })).rejects.toThrow("the observation has 2 entries");
    await expect(rolled(fitted, { starts: [stateOf(Number.NaN)] })).rejects.toThrow("not a number");
    await expect(rolled(fitted, {}, { contextTransitions: 7 })).rejects.toThrow("a context of 7 transitions");
    await expect(rolled(fitted, {}, { filters: { action: { topK: 0 } } })).rejects.toThrow("roll-out.action");
    const history = {
      observations: { rows: 1, columns: 1, data: new Float32Array(1) },
      actions: { rows: 1, columns: 1, data: new Float32Array(1) },
      rewards: new Float32Array(1),
    };
    const uneven = [stateOf(0.1), { ...stateOf(0.1), history }];
    await expect(rolled(fitted, { starts: uneven })).rejects.toThrow("histories of different lengths");
    const broken = handModel((place, last, next) => (place === VALUE ? Number.NaN : leaning(place, last, next)));
    await expect(rolled(broken, { steps: 2 })).rejects.toThrow("not numbers at step 0");
  });
});
