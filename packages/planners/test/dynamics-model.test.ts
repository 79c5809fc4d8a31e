import { type PlanningModel, Random, type UncertaintyPenalty } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine, loadCpu } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { blocksOf, plannerPolicy, proposalScorer } from "../src/index.js";
import { exact, options, state } from "./exact.js";
import { inDynamics } from "./models.js";
import { planners } from "./planners.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const score = async (model: PlanningModel, sequences: number[], population: number, pessimism = options.pessimism) => {
  const scorer = model.sequences!({ ...options, pessimism });
  const horizon = sequences.length / population;
  const [scores] = await scorer.score([{ state, sequences: Float32Array.from(sequences), population }], horizon);
  return [...scores!];
};

describe("scores of sequences", () => {
  it("are the discounted rewards of the steps", async () => {
    const model = inDynamics(engine, { dynamics: exact, scoring: { discount: 0.5, logProbabilityCoefficient: 1 } });
    // From x = 2: 1.5 and 1, then 2.5 and 2.
    const [left, right] = await score(model, [-1, -1, 1, -1], 2);
    expect(left).toBeCloseTo(1 - 2.25 + 0.5 * (1 - 1), 5);
    expect(right).toBeCloseTo(1 - 6.25 + 0.5 * (1 - 4), 5);
    await model.close();
  });

  it("end with the episode: what follows counts for nothing, even where it is not a number", async () => {
    const ends = ({ nextObservation }: { nextObservation: tf.Tensor }) =>
      tf.greater(tf.reshape(tf.slice(nextObservation, [0, 0], [-1, 1]), [-1]), 2.4);
    const dynamics: typeof exact = {
      ...exact,
      step: (inputs) => {
        const stepped = exact.step(inputs);
        const x = tf.slice(inputs.observation, [0, 0], [-1, 1]);
        return { ...stepped, reward: tf.where(tf.greater(x, 2.4), tf.fill(x.shape, Number.NaN), stepped.reward) };
      },
    };
    const model = inDynamics(engine, { dynamics, termination: { terminated: ends } });
    const [ended, goesOn] = await score(model, [1, 1, 0, 0], 2);
    expect(ended).toBeCloseTo(1 - 6.25, 5);
    expect(goesOn).toBeCloseTo(2 * (1 - 4), 5);
    await model.close();
  });

  it("are those of every block size, and of the proposals continued with the same actions", async () => {
    const model = inDynamics(engine, { dynamics: exact });
    const sequences = [...Random.fromSeed(2).normal(new Float32Array(2 * 700))];
    const together = await score(model, sequences, 700);
    const alone = await score(model, sequences.slice(2 * 650, 2 * 651), 1);
    expect(alone[0]).toBeCloseTo(together[650]!, 5);
    const followed = proposalScorer(model.proposals(options), options, model.scoring);
    const group = { state, sequences: Float32Array.from(sequences), population: 700 };
    const [continued] = await followed.score([group], 2);
    expect([...continued!].every((value, i) => Math.abs(value - together[i]!) < 1e-4)).toBe(true);
    await model.close();
  });

  it("compare sequences on the same random numbers, and average particles", async () => {
    const model = inDynamics(engine, { particles: 8 });
    const [a, b] = await score(model, [-1, -1, -1, -1], 2);
    expect(a).toBe(b);
    const [one] = await score(inDynamics(engine), [-1, -1], 1);
    expect(one).not.toBe(a);
    expect(Math.abs(one! - a!)).toBeLessThan(0.2);
    await model.close();
  });

  it("cut rows into few block sizes", () => {
    expect([500, 350, 5, 17, 1100].map((rows) => blocksOf(rows, 512))).toEqual([
      [512],
      [256, 64, 32],
      [16],
      [16, 16],
      [512, 512, 64, 16],
    ]);
  });
});

/** Large where the action is. */
const costly: UncertaintyPenalty = {
  penalise: ({ action }) => tf.relu(tf.sub(tf.reshape(tf.abs(action), [-1]), 0.5)),
};

describe("taking probabilities into account", () => {
  const members = {
    ...exact,
    capabilities: { ...exact.capabilities, members: true },
    step: (inputs: Parameters<typeof exact.step>[0]) => ({
      ...exact.step(inputs),
      prediction: {
        meanObservation: tf.zeros([1, 1, 2]),
        meanReward: tf.zeros([1, 1, 1]),
        logVar: tf.zeros([1, 1, 3]),
      },
      elites: tf.range(0, 1, 1, "int32"),
    }),
  };
  const firstAction = async (
    model: PlanningModel,
    planner: keyof typeof planners,
    pessimism: "penalty" | "none" | "log-probability" | "samples",
  ) => {
    const policy = plannerPolicy({ planner: planners[planner]!(pessimism), model, replanEvery: 1 });
    const seen = { rows: 1, columns: 2, data: state.observation };
    const { actions } = await policy.act(seen, await policy.init(1, 1), { deterministic: true });
    return actions.data[0]!;
  };

  it.each(["cem", "icem", "mppi", "gradient", "random-shooting", "beam-search", "mcts"])(
    "%s pays for the model's uncertainty, or is told not to",
    async (planner) => {
      const model = inDynamics(engine, {
        dynamics: members,
        penalty: costly,
        penaltyCoefficient: 100,
        withPrior: false,
      });
      expect(await firstAction(model, planner, "penalty")).toBeGreaterThan(-0.6);
      expect(await firstAction(model, planner, "none")).toBeLessThan(-0.8);
      await model.close();
    },
  );

  it.each(["cem", "icem", "mppi", "gradient", "random-shooting", "beam-search", "mcts"])(
    "%s stays near what the data would do when log-probabilities weigh enough",
    async (planner) => {
      const scoring = { discount: 1, logProbabilityCoefficient: 100 };
      // The behaviour does -0.5 there; the bonus leaves the optimum, -1, for it.
      const model = inDynamics(engine, { dynamics: exact, scoring: { ...scoring } });
      const elsewhere = { ...state, observation: Float32Array.of(1, 0.5) };
      const policy = plannerPolicy({ planner: planners[planner]!("log-probability"), model, replanEvery: 1 });
      const seen = { rows: 1, columns: 2, data: elsewhere.observation };
      const { actions } = await policy.act(seen, await policy.init(1, 1), { deterministic: true });
      expect(Math.abs(actions.data[0]! + 0.5)).toBeLessThan(0.35);
      await model.close();
    },
  );

  it.each([true, false])("lets sequences below the floor lose (prior a pure function: %s)", async (pure) => {
    const scoring = { discount: 1, logProbabilityCoefficient: 0, logProbabilityFloor: -2 };
    const model = inDynamics(engine, { dynamics: exact, scoring, pure });
    // Behaviour at x = 2 is -1 with a deviation of 0.3: 0 lies below the floor, -0.9 above.
    const [unlikely, likely] = await score(model, [0, -0.9], 2, "log-probability" as never);
    expect(unlikely).toBe(-Infinity);
    expect(likely).toBeCloseTo(1 - 1.55 ** 2, 4);
    await model.close();
  });
});

describe("across engines", () => {
  it("plans the same away from ties", async () => {
    const eager = createEagerEngine("cpu", loadCpu);
    const plans = await Promise.all(
      [engine, eager].map(async (each) => {
        const model = inDynamics(each, { withPrior: false });
        const policy = plannerPolicy({ planner: planners.cem!("none"), model, replanEvery: 1 });
        const seen = { rows: 1, columns: 2, data: state.observation };
        return (await policy.act(seen, await policy.init(1, 1), { deterministic: true })).actions.data[0]!;
      }),
    );
    expect(plans[0]).toBeCloseTo(plans[1]!, 4);
    await eager.dispose();
  });
});
