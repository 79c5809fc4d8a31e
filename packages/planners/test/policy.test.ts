import { type DynamicsModel, type Plan, Random } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineDynamics } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { hillClimb } from "../../../examples/third-party/src/hill-climb.js";
import { keepLanes, plannerPolicy, type RoundsTrace, startLanes } from "../src/index.js";
import { inDynamics, ownModel } from "./models.js";
import { ALONE, planners } from "./planners.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const model = inDynamics(engine);
/** The next observation is drawn: one random number a row. */
const noisy = inDynamics(engine, { dynamics: withNoise(lineDynamics()), particles: 2 });
afterAll(async () => {
  await model.close();
  await noisy.close();
  await engine.dispose();
});

const seen = (...x: number[]) => ({
  rows: x.length,
  columns: 2,
  data: Float32Array.from(x.flatMap((each) => [each, each / 2])),
});
const always = { deterministic: true };

function withNoise(dynamics: DynamicsModel): DynamicsModel {
  return {
    ...dynamics,
    stepNoise: (dimensions, batch, tensors) => ({
      ...dynamics.stepNoise(dimensions, batch, tensors),
      more: { distribution: "normal", shape: [2, batch, dimensions.observation] },
    }),
    step: (inputs, params) => {
      const stepped = dynamics.step(inputs, params);
      const noise = tf.mul(0.3, tf.mean(inputs.noise.more!, 0));
      return { ...stepped, nextObservation: tf.add(stepped.nextObservation, noise) };
    },
  };
}

describe("a planner as a policy", () => {
  it.each(Object.keys(planners))("plans for several environments at once: %s", async (name) => {
    const policy = plannerPolicy({ planner: planners[name]!("none"), model, replanEvery: 1 });
    const { actions } = await policy.act(seen(2, -2, 1.5), await policy.init(3, 1), always);
    expect(actions.data[0]).toBeLessThan(-0.6);
    expect(actions.data[1]).toBeGreaterThan(0.6);
    expect(actions.data[2]).toBeLessThan(-0.6);
  });

  const beside = { dynamics: model, "dynamics with noise": noisy, "a user's own": ownModel };
  const pairs = Object.keys(planners).flatMap((name) =>
    Object.entries(beside).flatMap(([of, each]) =>
      name === "gradient" && each.refusesGradient !== undefined ? [] : [{ name, of, each }],
    ),
  );
  it.each(pairs)(
    "gives an environment the same plans with and without others beside it: $name in $of",
    async (pair) => {
      const policy = plannerPolicy({ planner: planners[pair.name]!("model"), model: pair.each, replanEvery: 1 });
      const together = await policy.act(seen(2, -2, 0.4), await policy.init(3, 1), always);
      const again = await policy.act(seen(-1.5, 0.2), keepLanes(together.state, [1, 2]), always);
      const first = await policy.act(seen(0.4), startLanes(1, [2]), always);
      const second = await policy.act(seen(0.2), first.state, always);
      expect(first.actions.data[0]).toBeCloseTo(together.actions.data[2]!, 4);
      expect(second.actions.data[0]).toBeCloseTo(again.actions.data[1]!, 4);
      const other = await policy.act(seen(0.4), startLanes(1, [0]), always);
      expect(other.actions.data[0]).not.toBe(first.actions.data[0]);
    },
  );

  it("carries out a plan's actions before it plans again, and starts from what is left of it", async () => {
    const made: Plan[] = [];
    const planner = planners.cem!("none");
    const warm: boolean[] = [];
    const watched: typeof planner = {
      ...planner,
      plan: (request) => {
        warm.push(request.warmStart?.elapsed === 2);
        return planner.plan(request);
      },
    };
    const policy = plannerPolicy({ planner: watched, model, replanEvery: 2, onPlan: ({ plan }) => made.push(plan) });
    let state = await policy.init(1, 1);
    const taken: number[] = [];
    for (const x of [2, 1.5, 1, 0.5]) {
      const acted = await policy.act(seen(x), state, always);
      taken.push(acted.actions.data[0]!);
      state = acted.state;
    }
    expect(made).toHaveLength(2);
    expect(taken).toEqual([...made[0]!.actions.data.slice(0, 2), ...made[1]!.actions.data.slice(0, 2)]);
    expect(warm).toEqual([false, true]);
    for (const { trace } of made) {
      const { rounds, samples } = trace as RoundsTrace;
      expect(rounds).toHaveLength(5);
      expect(samples[0]!.score).toBe(Math.max(...samples.map(({ score }) => score)));
      expect(samples[0]!.score).toBeCloseTo(rounds.at(-1)!.high!, 6);
      expect(rounds.at(-1)!.median).toBeGreaterThan(rounds[0]!.median!);
    }
  });

  it.each(Object.keys(planners))("hands over the best plan found when the time is over: %s", async (name) => {
    const made: Plan[] = [];
    const options = { planner: planners[name]!("none"), model, replanEvery: 1, budgetMilliseconds: 1e-6 };
    const policy = plannerPolicy({ ...options, onPlan: ({ plan }) => made.push(plan) });
    const { actions } = await policy.act(seen(2), await policy.init(1, 1), always);
    expect(Number.isFinite(actions.data[0])).toBe(true);
    expect(made[0]!.effort.rounds).toBeLessThanOrEqual(16);
    expect(made[0]!.effort.rounds).toBeGreaterThan(0);
  });

  it("tells a model with memory of the last steps, with the rewards that it expected", async () => {
    const histories: (number[] | undefined)[] = [];
    const remembering = {
      ...ownModel,
      contextLength: 2,
      proposals: (options: Parameters<typeof ownModel.proposals>[0]) => {
        const proposals = ownModel.proposals(options);
        const root: typeof proposals.root = (state) => {
          histories.push(state.history === undefined ? undefined : [...state.history.rewards]);
          return proposals.root(state);
        };
        return { ...proposals, root };
      },
    };
    const policy = plannerPolicy({ planner: planners["beam-search"]!("model"), model: remembering, replanEvery: 1 });
    let state = await policy.init(1, 1);
    const expected: number[] = [];
    for (const x of [2, 1.5, 1, 0.5]) {
      const acted = await policy.act(seen(x), state, always);
      state = acted.state;
      expected.push(1 - (x + 0.5 * acted.actions.data[0]!) ** 2);
    }
    expect(histories.map((rewards) => rewards?.length)).toEqual([undefined, 1, 2, 2]);
    histories[3]!.forEach((reward, i) => {
      expect(reward).toBeCloseTo(expected[i + 1]!, 5);
    });
  });

  it("a planner of the user's own goes on from what is left of the plan before", async () => {
    const options = hillClimb.config.parse({ horizon: 3, rounds: 1, population: 1 });
    const data = Float32Array.of(0.25, 0.5, 0.75);
    const effort = { rounds: 1, evaluations: 1 };
    const plan: Plan = { actions: { rows: 3, columns: 1, data }, score: 0, pessimism: "none", effort };
    const { actions } = await hillClimb.create(options, ALONE).plan({
      state: { observation: Float32Array.of(0) },
      random: Random.fromSeed(1),
      sequences: {
        ...{ actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1) },
        pessimism: "none",
        evaluate: async () => Float32Array.of(1),
      },
      warmStart: { plan, elapsed: 1 },
    });
    expect([...actions.data]).toEqual([0.5, 0.75, 0]);
  });
});
