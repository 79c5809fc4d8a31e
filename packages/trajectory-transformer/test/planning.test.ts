import { createPipeline, type Pessimism, Planner, type PlanningModel, Random } from "@lowerbound/core";
import {
  beamSearch,
  beamSearchPlanner,
  cem,
  mcts,
  plannerPolicy,
  randomShooting,
  scorerOf,
  startLanes,
} from "@lowerbound/planners";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, expect, it } from "vitest";
import { fittedModel, fittedTensors, type TokenPlanningOptions, tokenPlanningModel } from "../src/index.js";
import { handModel, type Logit } from "./hand-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const [OBSERVATION, ACTION] = [0, 1];

/** The reward is the action's bin; actions of the highest bin are unlikely, e^-4 against 1 of each other. */
const rewarding: Logit = (place, last, next) => {
  if (place === OBSERVATION) return next === 4 ? -4 : 0;
  return place === ACTION && next === last ? 30 : 0;
};
const unlikely = -4 - Math.log(4 + Math.exp(-4));

const scoring = { discount: 1, logProbabilityCoefficient: 0 };
const box = { actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) };
const options: TokenPlanningOptions = {
  filters: { observation: { topK: 1 }, action: {}, reward: { topK: 1 } },
  contextTransitions: 4,
  scoring,
  box,
};

const modelOf = (logit: Logit, changes: Partial<TokenPlanningOptions> = {}): PlanningModel =>
  tokenPlanningModel(engine, fittedModel(fittedTensors(handModel(logit))), { ...options, ...changes });

const state = { observation: Float32Array.of(0.1) };

describe("planning in a model of trajectories", () => {
  it("proposes actions with their probabilities, rewards and values computed by hand", async () => {
    const model = modelOf(rewarding);
    const proposals = model.proposals({ pessimism: "samples", random: Random.fromSeed(0) });
    const root = proposals.root(state);
    const actions = Float32Array.of(0.9, -0.35, 0.1);
    const found = await proposals.advance([root, root, root], actions, Random.fromSeed(0));
    expect(found.map(({ logProbability }) => logProbability)).toEqual([
      expect.closeTo(unlikely, 4),
      expect.closeTo(-Math.log(4 + Math.exp(-4)), 4),
      expect.closeTo(-Math.log(4 + Math.exp(-4)), 4),
    ]);
    const rewards = [0.8, -0.4, 0];
    found.forEach(({ reward, value, action }, i) => {
      expect(reward).toBeCloseTo(rewards[i]!, 5);
      expect(value).toBeCloseTo(0, 5);
      expect(action[0]).toBeCloseTo(rewards[i]!, 5);
    });
    await model.close();
  });

  it.each<[string, Parameters<typeof beamSearch>[2]["pessimism"], number | undefined, number]>([
    ["an unlikely action where probabilities do not count", "none", undefined, 0.8],
    ["the best of the likely ones above a floor", "log-probability", -3, 0.4],
  ])("beam search finds %s", async (_, pessimism, logProbabilityFloor, best) => {
    const model = modelOf(rewarding);
    const proposals = model.proposals({ pessimism, random: Random.fromSeed(0) });
    const search = { horizon: 5, beamWidth: 12, samples: 4, discount: 1, pessimism, logProbabilityCoefficient: 0 };
    const { beams } = await beamSearch(proposals, state, { ...search, logProbabilityFloor }, Random.fromSeed(1));
    expect(beams[0]!.score).toBeCloseTo(5 * best, 3);
    await model.close();
  });

  it.each<[string, Pessimism, number]>([
    ["cem", "none", 0.8],
    ["cem", "log-probability", 0.4],
    ["random-shooting", "none", 0.8],
    ["mcts", "none", 0.8],
    ["beam-search", "none", 0.8],
  ])("%s with %s", async (type, pessimism, best) => {
    const planners = createPipeline([cem, randomShooting, mcts, beamSearchPlanner], {
      planner: { type, horizon: 2, pessimism } as { type: "cem" },
    });
    const model = modelOf(rewarding, { scoring: { ...scoring, logProbabilityFloor: -3 } });
    const policy = plannerPolicy({ planner: planners.get(Planner), model, replanEvery: 1 });
    const observed = { rows: 1, columns: 1, data: Float32Array.of(0.1) };
    const { actions } = await policy.act(observed, await policy.init(1, 0), { deterministic: true });
    const scorer = scorerOf(model, { pessimism: "none", random: Random.fromSeed(0) });
    const [scores] = await scorer.score([{ state, sequences: actions.data, population: 1 }], 1);
    expect(scores![0]).toBeCloseTo(best, 3);
    await policy.close();
  });

  it.each(["beam-search", "mcts", "cem"])("plans for an environment the same beside others: %s", async (type) => {
    const sized = { horizon: 3, ...(type === "cem" ? { population: 20, iterations: 2 } : {}) };
    const planner = createPipeline([cem, mcts, beamSearchPlanner], { planner: { type, ...sized } as { type: "cem" } });
    const filters = { observation: {}, action: {}, reward: {} };
    const model = modelOf(rewarding, { filters, contextTransitions: 2 });
    const policy = plannerPolicy({ planner: planner.get(Planner), model, replanEvery: 1 });
    const taken = async (lanes: readonly number[], seen: readonly number[]): Promise<(readonly number[])[]> => {
      let state = startLanes(3, lanes);
      const steps: number[][] = [];
      for (let step = 0; step < 4; step++) {
        const observed = { rows: lanes.length, columns: 1, data: Float32Array.from(seen, (x) => x + 0.2 * step) };
        const acted = await policy.act(observed, state, { deterministic: true });
        state = acted.state;
        steps.push([...acted.actions.data]);
      }
      return steps;
    };
    const together = await taken([0, 1, 2], [0.1, -0.7, -0.3]);
    for (const [lane, seen] of [0.1, -0.7, -0.3].entries()) {
      expect(await taken([lane], [seen])).toEqual(together.map((actions) => [actions[lane]]));
    }
    await policy.close();
  });

  it("plans on with contexts cut to the longest one", async () => {
    const [cut, whole] = [modelOf(rewarding, { contextTransitions: 2 }), modelOf(rewarding, { contextTransitions: 6 })];
    const sequences = Float32Array.of(0.9, 0.3, -0.3, 0.9);
    for (const model of [cut, whole]) {
      const scorer = scorerOf(model, { pessimism: "none", random: Random.fromSeed(0) });
      const [scores] = await scorer.score([{ state, sequences, population: 1 }], 4);
      expect(scores![0]).toBeCloseTo(0.8 + 0.4 - 0.4 + 0.8, 4);
      await model.close();
    }
  });

  it("lets no sequence win whose probabilities are not numbers, at whatever token", async () => {
    for (const broken of [0, 1, 2, 3]) {
      const model = modelOf((place, last, next) => (place === broken ? Number.NaN : rewarding(place, last, next)));
      const proposals = model.proposals({ pessimism: "samples", random: Random.fromSeed(0) });
      const search = { horizon: 2, beamWidth: 3, samples: 2, discount: 1, pessimism: "samples" as const };
      const plan = beamSearch(proposals, state, { ...search, logProbabilityCoefficient: 0 }, Random.fromSeed(1));
      await expect(plan).rejects.toThrow("finite score");
      await model.close();
    }
  });

  it("refuses other sizes, contexts longer than the model's and tensors of another model", async () => {
    expect(() => modelOf(rewarding, { contextTransitions: 7 })).toThrow("a context of 7 transitions");
    expect(() => modelOf(rewarding, { contextTransitions: 1 })).toThrow("a context of 1 transitions");
    const wide = { actionSize: 2, low: Float32Array.of(-1, -1), high: Float32Array.of(1, 1) };
    expect(() => modelOf(rewarding, { box: wide })).toThrow("an action box of 2 entries");
    expect(() => modelOf(rewarding, { filters: { ...options.filters, action: { cdf: 1 } } })).toThrow("a mass of 1");
    expect(() => fittedModel({})).toThrow("other tensors");
    const model = modelOf(rewarding);
    const proposals = model.proposals({ pessimism: "samples", random: Random.fromSeed(0) });
    const root = proposals.root({ observation: Float32Array.of(0, 0) });
    await expect(proposals.expand([root], 1, Random.fromSeed(0))).rejects.toThrow("the observation has 2 entries");
    const good = proposals.root(state);
    await expect(proposals.advance([good], new Float32Array(2), Random.fromSeed(0))).rejects.toThrow(
      "2 action entries",
    );
    await model.close();
  });
});
