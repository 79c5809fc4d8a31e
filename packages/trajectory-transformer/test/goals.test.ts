import { type Fitted, Random } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { memoryRun, wideLine } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import {
  createTokenDynamics,
  createTransformer,
  encode,
  type FittedModel,
  fillWindow,
  fittedModel,
  fittedTensors,
  goalTokens,
  openTokenModel,
  rollOut,
  type Trajectories,
  tokenLogProbabilities,
  tokenPlanningModel,
  transformerOptions,
  type WindowGoal,
  windowBatch,
} from "../src/index.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const goal = Float32Array.of(0.9, -0.2);
const box = { actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) };
const planningIn = (fitted: FittedModel, towards?: Float32Array, contextTransitions = 3) =>
  tokenPlanningModel(engine, fitted, {
    filters: { observation: {}, action: {}, reward: {} },
    contextTransitions,
    scoring: { discount: 1, logProbabilityCoefficient: 0 },
    box,
    goal: towards,
  });

describe("windows with a goal", () => {
  // Two entries of observation, an action, reward and value; steps 0 to 3 of tokens 10 s to 10 s + 4.
  const path = {
    length: 4,
    terminated: false,
    tokens: Int32Array.from({ length: 20 }, (_, i) => 10 * Math.floor(i / 5) + (i % 5)),
  };
  it.each<[WindowGoal["of"], number, number[]]>([
    ["window", 0, [10, 11]],
    ["window", 3, [30, 31]],
    ["episode", 0, [30, 31]],
  ])("begin with the last observation of the %s, from step %d", (of, start, wanted) => {
    const options = { transitions: 2, step: 1, width: 5, terminationToken: 99, padding: "terminated" as const };
    const into = windowBatch(2, { ...options, goal: { of, observation: 2 } });
    fillWindow(path, start, { ...options, goal: { of, observation: 2 } }, { into, row: 1 });
    const plain = windowBatch(1, options);
    fillWindow(path, start, options, { into: plain, row: 0 });
    expect([...into.tokens.slice(14)]).toEqual([...wanted, 99, 99, 99, ...plain.tokens]);
    expect([...into.targets.slice(14)]).toEqual([wanted[1], 99, 99, 99, 10 * start, ...plain.targets]);
    expect([...into.mask.slice(14)]).toEqual([0, 0, 0, 0, 0, ...plain.mask]);
  });
});

describe("a model of trajectories with goals", () => {
  it("keeps the goal before a context that it cuts", async () => {
    const fitted = fittedModel(fittedTensors(randomModel({ goals: true, transitions: 4 })));
    const model = openTokenModel(engine, fitted, { goal, contextTransitions: 3, ends: false });
    const starts = [{ observation: Float32Array.of(0.1, 0.5) }];
    const found = await rollOut(model, { starts, steps: 5, random: Random.fromSeed(0) });
    const before = goalTokens(fitted.discretiser, fitted.sizes, goal);
    const logsFrom = (from: number) => {
      const tokens = Int32Array.of(...before, ...transitionTokens(fitted, found, from, 5));
      return tokenLogProbabilities(model.decoder, tokens, 1);
    };
    const [acting, following] = [await logsFrom(2), await logsFrom(3)];
    // Of the action of step 4 after the goal and two transitions; of what follows it after the goal and one.
    expect(found.actionLogProbabilities[4]).toBeCloseTo(acting[17]!, 4);
    const outcome = acting[18]! + acting[19]! + following[15]! + following[16]!;
    expect(found.outcomeLogProbabilities[4]).toBeCloseTo(outcome, 4);
    await model.decoder.close();
  });

  it("goes on from the same goal in plans as in roll-outs", async () => {
    const fitted = randomModel({ goals: true, transitions: 4 });
    const model = openTokenModel(engine, fitted, { goal, contextTransitions: 3 });
    const observation = Float32Array.of(0.1, 0.5);
    const actions = Float32Array.of(0.3);
    const found = await rollOut(model, { starts: [{ observation }], steps: 1, actions, random: Random.fromSeed(0) });
    const planning = planningIn(fitted, goal);
    const proposals = planning.proposals({ pessimism: "samples", random: Random.fromSeed(0) });
    const [step] = await proposals.advance([proposals.root({ observation })], actions, Random.fromSeed(0));
    expect(step!.logProbability).toBeCloseTo(found.actionLogProbabilities[0]!, 5);
    await planning.close();
    await model.decoder.close();
  });

  it("refuses to go without its goal, and others to take one", async () => {
    const withGoals = randomModel({ goals: true });
    expect(() => openTokenModel(engine, withGoals)).toThrow("there is no goal");
    expect(() => planningIn(withGoals)).toThrow("there is no goal");
    expect(() => planningIn(randomModel(), goal)).toThrow("there is a goal");
    expect(() => openTokenModel(engine, withGoals, { goal: Float32Array.of(1) })).toThrow("the goal has 1 entries");
    expect(() => planningIn(withGoals, goal, 5)).toThrow("from 2 to 4");
    const fitted = (): Fitted => ({ tensors: fittedTensors(withGoals), facts: {} });
    const context = { dataset: wideLine(30, 3), engine, random: Random.fromSeed(0), run: memoryRun(), fitted };
    await expect(createTokenDynamics({}).fit(context)).rejects.toThrow("was trained with goals");
  });

  it("learns to lead to its goal: actions of sampled trajectories come there in the world", async () => {
    const options = transformerOptions.parse({
      transitions: 4,
      // An odd number: the start lies in the middle of a bin.
      bins: 21,
      strategy: "uniform",
      layers: 1,
      heads: 2,
      embedding: 32,
      updates: 2000,
      batchSize: 32,
      learningRate: 5e-3,
      dropout: 0,
      goal: "episode",
    });
    const fitted = (): Fitted => ({ tensors: {}, facts: {} });
    const context = { dataset: wideLine(4000, 4), engine, random: Random.fromSeed(3), run: memoryRun(), fitted };
    const trained = fittedModel((await createTransformer(options).fit(context)).tensors);
    const reached = async (x: number): Promise<Float64Array> => {
      const model = openTokenModel(engine, trained, { goal: Float32Array.of(x, x / 2) });
      const request = { starts: [{ observation: new Float32Array(2) }], samples: 200, steps: 3 };
      const { actions } = await rollOut(model, { ...request, random: Random.fromSeed(1) });
      await model.decoder.close();
      return Float64Array.from(
        { length: 200 },
        (_, row) => 0.5 * (actions[3 * row]! + actions[3 * row + 1]! + actions[3 * row + 2]!),
      );
    };
    const share = (places: Float64Array, x: number) =>
      places.filter((place) => Math.abs(place - x) < 0.35).length / 200;
    const [left, right] = [await reached(-0.75), await reached(0.75)];
    // Actions of the data come there from the start in one case of five.
    expect(share(left, -0.75)).toBeGreaterThan(0.35);
    expect(share(right, 0.75)).toBeGreaterThan(0.35);
    expect(share(left, 0.75)).toBeLessThan(0.06);
    expect(share(right, -0.75)).toBeLessThan(0.06);
  });
});

/** Tokens of a row of transitions from `from` to `to`, and of the observation that follows. */
function transitionTokens({ discretiser, sizes }: FittedModel, of: Trajectories, from: number, to: number) {
  const size = sizes.observation;
  const steps = Array.from({ length: to - from }, (_, i) => [
    ...of.observations.subarray((from + i) * size, (from + i + 1) * size),
    of.actions[from + i]!,
    of.rewards[from + i]!,
    of.values[from + i]!,
  ]);
  return encode(discretiser, [...steps.flat(), ...of.observations.subarray(to * size, (to + 1) * size)]);
}
