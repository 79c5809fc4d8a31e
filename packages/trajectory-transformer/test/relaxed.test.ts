import { ConfigError, NumericalError, type Pessimism, type PlanningState, Random } from "@lowerbound/core";
import { gradientPlanner, plannerPolicy, scorerOf } from "@lowerbound/planners";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, expect, it } from "vitest";
import {
  type FittedModel,
  fittedModel,
  fittedTensors,
  type TokenPlanningOptions,
  tokenPlanningModel,
} from "../src/index.js";
import { handModel, type Logit } from "./hand-model.js";
import { randomLstm, randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const scoring = { discount: 0.9, logProbabilityCoefficient: 0.1 };
const boxOf = (size: number) => ({
  actionSize: size,
  low: new Float32Array(size).fill(-1),
  high: new Float32Array(size).fill(1),
});

function planningIn(fitted: FittedModel, changes: Partial<TokenPlanningOptions> = {}) {
  return tokenPlanningModel(engine, fittedModel(fittedTensors(fitted)), {
    filters: { observation: { topK: 1 }, action: {}, reward: { topK: 1 } },
    contextTransitions: 3,
    scoring,
    box: boxOf(fitted.sizes.action),
    ...changes,
  });
}

const history = {
  observations: { rows: 1, columns: 2, data: Float32Array.of(-0.7, 0.2) },
  actions: { rows: 1, columns: 2, data: Float32Array.of(0.6, -0.1) },
  rewards: Float32Array.of(0.4),
};
const start: PlanningState = { observation: Float32Array.of(0.1, 0.5) };
const following: PlanningState = { ...start, history };
const wide = { observation: 2, action: 2 };
const uniform = (count: number) => Random.fromSeed(3).uniform(new Float32Array(count));
const evenly = (count: number) => uniform(count).map((u) => 2 * u - 1);
const options = (pessimism: Pessimism) => ({ pessimism, random: Random.fromSeed(0) });

describe("plans straight through tokens", () => {
  const goal = Float32Array.of(0.9, -0.2);
  it.each<[string, FittedModel, Partial<TokenPlanningOptions>]>([
    ["a Transformer", randomModel(wide), {}],
    ["a Transformer whose context is cut", randomModel(wide), { contextTransitions: 2 }],
    ["a Transformer with a goal", randomModel({ ...wide, goals: true }), { goal }],
    ["a Transformer that knows ends", randomModel({ ...wide, terminates: true }), {}],
    ["an LSTM", randomLstm(wide), {}],
    ["an LSTM whose context is cut", randomLstm(wide), { contextTransitions: 2 }],
  ])("score in %s what their tokens score", async (_, fitted, changes) => {
    const model = planningIn(fitted, changes);
    const [horizon, population] = [3, 5];
    const groups = [{ state: following, population, sequences: evenly(population * horizon * 2) }];
    const [relaxed] = await model.relaxed!(options("log-probability"))(groups, horizon);
    const [real] = await scorerOf(model, options("log-probability")).score(groups, horizon);
    relaxed!.scores.forEach((score, row) => {
      expect(score).toBeCloseTo(real![row]!, 4);
    });
    expect(relaxed!.scores[0]).not.toBeCloseTo(relaxed!.scores[1]!, 4);
    expect(relaxed!.gradients.every(Number.isFinite)).toBe(true);
    expect(relaxed!.gradients.some((each) => Math.abs(each) > 1e-3)).toBe(true);
    await model.close();
  });
});

describe("soft plans", () => {
  it.each<[string, FittedModel, number]>([
    ["a Transformer", randomModel(wide), 4],
    ["a Transformer whose context is cut", randomModel(wide), 2],
    ["an LSTM", randomLstm(wide), 4],
  ])("have in %s the gradients that finite differences say", async (_, fitted, contextTransitions) => {
    const model = planningIn(fitted, { relaxation: "soft", contextTransitions });
    const horizon = 3;
    // Away from the middles of the six bins, where the lines meet.
    const sequences = Float32Array.of(-0.7, -0.35, 0.03, 0.31, 0.64, -0.02);
    const scored = async (given: Float32Array) => {
      const group = { state: following, sequences: given, population: given.length / 6 };
      return (await model.relaxed!(options("log-probability"))([group], horizon))[0]!;
    };
    const { gradients } = await scored(sequences);
    const step = 0.005;
    for (const [i, gradient] of gradients.entries()) {
      const nudged = (by: number) => sequences.map((a, j) => (i === j ? a + by : a));
      const { scores } = await scored(Float32Array.of(...nudged(step), ...nudged(-step)));
      expect(gradient).toBeCloseTo((scores[0]! - scores[1]!) / (2 * step), 2);
    }
    expect(Math.max(...gradients.map(Math.abs))).toBeGreaterThan(0.05);
    await model.close();
  });

  it("score a step by its tokens where actions are the middles of bins", async () => {
    // What the value is read after is soft, so that it has to count for nothing.
    const valueless = { ...scoring, discount: 1e-6 };
    const model = planningIn(randomModel(), { relaxation: "soft", scoring: valueless });
    const sequences = Float32Array.of(-5 / 6, -1 / 2, -1 / 6, 1 / 6, 1 / 2, 5 / 6);
    const group = { state: start, sequences, population: 6 };
    const [real] = await scorerOf(model, options("log-probability")).score([group], 1);
    const [{ scores } = { scores: [] }] = await model.relaxed!(options("log-probability"))([group], 1);
    for (const row of sequences.keys()) expect(scores[row]).toBeCloseTo(real![row]!, 4);
    await model.close();
  });
});

/** Rewards rise with the action's bin; actions of the highest one are unlikely, e^-4 against 1 of each other. */
const rewarding: Logit = (place, last, next) => {
  if (place === 0) return next === 4 ? -4 : 0;
  return place === 1 && next === last ? 3 : 0;
};

const climber = (pessimism: Pessimism | "model") =>
  gradientPlanner.create(gradientPlanner.config.parse({ horizon: 2, starts: 4, steps: 15, pessimism }), {
    inject: ({ name }) => {
      throw new Error(`there is no ${name} here`);
    },
    optional: () => undefined,
  });

async function acted(fitted: FittedModel, pessimism: Pessimism | "model", changes: Partial<TokenPlanningOptions> = {}) {
  const model = planningIn(fitted, { contextTransitions: 4, ...changes });
  const policy = plannerPolicy({ planner: climber(pessimism), model, replanEvery: 1 });
  const seen = { rows: 1, columns: 1, data: Float32Array.of(0.1) };
  try {
    const { actions } = await policy.act(seen, await policy.init(1, 0), { deterministic: true });
    return actions.data[0]!;
  } finally {
    await policy.close();
  }
}

describe("planning by gradients in a model of trajectories", () => {
  it.each(["straight-through", "soft"] as const)(
    "climbs to the best bin where probabilities do not count: %s",
    async (relaxation) => {
      const action = await acted(handModel(rewarding), "none", { relaxation });
      expect(action).toBeGreaterThanOrEqual(0.6);
      expect(action).toBeLessThanOrEqual(1);
    },
  );

  it.each<[string, object]>([
    ["a floor", { logProbabilityCoefficient: 0, logProbabilityFloor: -3 }],
    ["a bonus", { logProbabilityCoefficient: 1 }],
  ])("stops at the best of the likely ones by %s", async (_, changes) => {
    for (const pessimism of ["model", "log-probability"] as const) {
      const action = await acted(handModel(rewarding), pessimism, { scoring: { ...scoring, ...changes } });
      expect(action).toBeGreaterThanOrEqual(0.2);
      expect(action).toBeLessThan(0.6);
    }
  });

  it("lets no sequence win whose probabilities are not numbers, at whatever token", async () => {
    for (const broken of [0, 1, 2, 3]) {
      const model = handModel((place, last, next) => (place === broken ? Number.NaN : rewarding(place, last, next)));
      await expect(acted(model, "none")).rejects.toThrow(NumericalError);
    }
  });

  it("refuses horizons whose graph would be too large, and sequences of other sizes", async () => {
    const model = planningIn(randomModel(wide));
    const relaxed = model.relaxed!(options("none"));
    const asked = (population: number, entries: number, horizon: number) =>
      relaxed([{ state: start, sequences: new Float32Array(entries), population }], horizon);
    await expect(asked(1, 400, 200)).rejects.toThrow(ConfigError);
    await expect(asked(1, 400, 200)).rejects.toThrow(
      /planner\.horizon: gradients of a plan of 200 steps(.|\n)*at most 51/,
    );
    await expect(asked(1, 3, 2)).rejects.toThrow("3 action entries for 1 sequences");
    await expect(asked(0, 0, 2)).rejects.toThrow("there are no action sequences to score");
    await model.close();
  });
});
