import {
  ConfigError,
  NumericalError,
  type Plan,
  type PlanRequest,
  type Proposal,
  type ProposalModel,
  Random,
  type SequenceEvaluator,
} from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineDynamics } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { bestFirst, cem, plannerPolicy } from "../src/index.js";
import { inDynamics } from "./models.js";
import { ALONE, planners } from "./planners.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const box = { actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) };
const names = Object.keys(planners);

/** Minus the squared distance of every action from 0.5, or what `bad` makes of sequences with an action below 0. */
function evaluator(bad: number): SequenceEvaluator {
  const scoresOf = (sequences: Float32Array, population: number) => {
    const horizon = sequences.length / population;
    return Float32Array.from({ length: population }, (_, i) => {
      const actions = sequences.subarray(i * horizon, (i + 1) * horizon);
      return actions.some((a) => a < 0) ? bad : -actions.reduce((sum, a) => sum + (a - 0.5) ** 2, 0);
    });
  };
  return {
    ...box,
    pessimism: "none",
    evaluate: async (sequences, population) => scoresOf(sequences, population),
    gradient: async (sequences, population) => ({
      scores: scoresOf(sequences, population),
      gradients: sequences.map((a) => -2 * (a - 0.5)),
    }),
  };
}

/** Steps whose reward is `bad` for actions below 0, else minus the squared distance from 0.5. */
function proposals(bad: number): ProposalModel {
  const advance = async (nodes: readonly unknown[], actions: Float32Array) =>
    nodes.map((node, i): Proposal => {
      const action = actions.slice(i, i + 1);
      const reward = action[0]! < 0 ? bad : -((action[0]! - 0.5) ** 2);
      return { action, logProbability: -Math.log(2), reward, node };
    });
  return {
    ...box,
    pessimism: "samples",
    root: () => undefined,
    expand: async (nodes, k, random) => {
      const repeated = nodes.flatMap((node) => Array.from({ length: k }, () => node));
      const actions = random.uniform(new Float32Array(repeated.length)).map((unit) => 2 * unit - 1);
      const flat = await advance(repeated, actions);
      return nodes.map((_, n) => flat.slice(n * k, (n + 1) * k));
    },
    advance,
  };
}

const request = (bad: number): PlanRequest => ({
  state: { observation: Float32Array.of(0) },
  random: Random.fromSeed(1),
  sequences: evaluator(bad),
  proposals: proposals(bad),
});

describe("a score that is not finite", () => {
  const cases = names.flatMap((name) => [Number.NaN, Infinity, -Infinity].map((bad) => [name, bad] as const));
  it.each(cases)("never wins: %s with %d", async (name, bad) => {
    const { actions, score } = await planners[name]!("model").plan(request(bad));
    expect(Number.isFinite(score)).toBe(true);
    expect([...actions.data].every((action) => action >= 0 && action <= 1)).toBe(true);
  });

  it.each(names)("is one error where there is no other: %s", async (name) => {
    const { low, high } = { low: Float32Array.of(-2), high: Float32Array.of(-1) };
    const [sequences, proposed] = [evaluator(Number.NaN), proposals(Number.NaN)];
    const below = {
      ...request(Number.NaN),
      sequences: { ...sequences, low, high },
      proposals: { ...proposed, low, high, expand: allBelow(proposed) },
    };
    await expect(planners[name]!("model").plan(below)).rejects.toThrow(NumericalError);
    await expect(planners[name]!("model").plan(below)).rejects.toThrow(/candidate/);
  });

  it.each(names)("of a model is one error: %s", async (name) => {
    const model = inDynamics(engine, { dynamics: lineDynamics(Number.NaN) });
    const policy = plannerPolicy({ planner: planners[name]!("model"), model, replanEvery: 1 });
    const seen = { rows: 1, columns: 2, data: Float32Array.of(2, 1) };
    await expect(policy.act(seen, await policy.init(1, 1), { deterministic: true })).rejects.toThrow(NumericalError);
    await policy.close();
  });
});

const allBelow =
  ({ advance }: ProposalModel): ProposalModel["expand"] =>
  async (nodes, k, random) =>
    Promise.all(
      nodes.map((node) =>
        advance(
          Array.from({ length: k }, () => node),
          new Float32Array(k).fill(-1.5),
          random,
        ),
      ),
    );

describe("bad input", () => {
  it.each(names)("a horizon of 0, told at %s", async (name) => {
    expect(() => cem.config.parse({ horizon: 0 })).toThrow();
    const planner = planners[name]!("model");
    await expect(planner.plan({ state: request(0).state, random: Random.fromSeed(1) })).rejects.toThrow(
      /the request has no (sequences|proposals)/,
    );
  });

  it("a horizon of 0 that came past the options", async () => {
    const planner = cem.create({ ...cem.config.parse({}), horizon: 0 }, ALONE);
    await expect(planner.plan(request(0))).rejects.toThrow("a horizon of 0 steps leaves nothing to plan");
  });

  it("an empty candidate set", async () => {
    expect(() => bestFirst([], 3)).toThrow(ConfigError);
    for (const name of ["beam-search", "mcts"]) {
      const silent = { ...proposals(0), expand: async (nodes: readonly unknown[]) => nodes.map(() => []) };
      const asked = planners[name]!("model").plan({ ...request(0), proposals: silent });
      await expect(asked).rejects.toThrow(NumericalError);
    }
  });

  it.each(names)("an action box without room, told at %s", async (name) => {
    const empty = { low: Float32Array.of(1), high: Float32Array.of(1) };
    const { sequences, proposals: proposed, ...rest } = request(0);
    const narrow = { ...rest, sequences: { ...sequences!, ...empty }, proposals: { ...proposed!, ...empty } };
    await expect(planners[name]!("model").plan(narrow)).rejects.toThrow("actions lie between [1] and [1]");
  });

  it("another number of scores than of sequences", async () => {
    const short = { ...evaluator(0), evaluate: async () => Float32Array.of(1, 2) };
    await expect(planners.cem!("model").plan({ ...request(0), sequences: short })).rejects.toThrow(
      "2 scores for 100 action sequences",
    );
  });

  it("observations of other dimensions, or of another batch", async () => {
    const policy = plannerPolicy({ planner: planners.cem!("none"), model: inDynamics(engine), replanEvery: 1 });
    const state = await policy.init(1, 1);
    const act = (rows: number, columns: number) =>
      policy.act({ rows, columns, data: new Float32Array(rows * columns) }, state, { deterministic: true });
    await expect(act(1, 3)).rejects.toThrow("observations have 3 entries");
    await expect(act(2, 2)).rejects.toThrow("2 observations for the state of 1 environments");
    await policy.close();
  });

  it("a way of taking probabilities into account that the model does not have", async () => {
    const policy = plannerPolicy({ planner: planners.cem!("penalty"), model: inDynamics(engine), replanEvery: 1 });
    const seen = { rows: 1, columns: 2, data: Float32Array.of(2, 1) };
    await expect(policy.act(seen, await policy.init(1, 1), { deterministic: true })).rejects.toThrow(
      'the model cannot take probabilities into account by "penalty"',
    );
    await policy.close();
  });
});

describe("a plan that cannot be carried out", () => {
  const step = { score: 0, pessimism: "none", effort: { rounds: 1, evaluations: 1 } } as const;
  const of = (rows: number, columns: number, ...actions: number[]) => ({
    ...step,
    actions: { rows, columns, data: Float32Array.from(actions) },
  });
  const plans = {
    "nothing at all": undefined,
    "no steps": of(0, 1),
    "wide actions": of(1, 2, 0, 0),
    "fewer numbers": of(2, 1, 0),
    "no numbers": of(1, 1, Number.NaN),
  };
  it.each(Object.entries(plans))("is refused with what a plan is: %s", async (_, plan) => {
    const planner = { seam: "sequences", pessimism: "none", plan: async () => plan as Plan } as const;
    const model = inDynamics(engine);
    const policy = plannerPolicy({ planner, model, replanEvery: 1 });
    const seen = { rows: 1, columns: 2, data: new Float32Array(2) };
    const acting = policy.act(seen, await policy.init(1, 0), { deterministic: true });
    await expect(acting).rejects.toThrow(/planner: the plan's actions have [\s\S]*columns: 1[\s\S]*remedy/);
    await policy.close();
  });
});
