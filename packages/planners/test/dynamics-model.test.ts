import { type PlanningModel, Random, type Termination, type UncertaintyPenalty } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine, loadCpu } from "@lowerbound/runtime";
import { lineDynamics } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { blocksOf, plannerPolicy, proposalScorer } from "../src/index.js";
import { fitEnsemble, inDynamics, inEnsemble } from "./models.js";
import { planners } from "./planners.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const state = { observation: Float32Array.of(2, 1) };
const options = { pessimism: "none", random: Random.fromSeed(1) } as const;

const score = async (model: PlanningModel, sequences: number[], population: number, pessimism = options.pessimism) => {
  const scorer = model.sequences!({ ...options, pessimism });
  const horizon = sequences.length / population;
  const [scores] = await scorer.score([{ state, sequences: Float32Array.from(sequences), population }], horizon);
  return [...scores!];
};

/** A line world without noise in its step. */
const still = { ...lineDynamics(), stepNoise: (_: unknown, batch: number) => noiseless(batch) };
const noiseless = (batch: number) => ({ sample: { distribution: "choice", shape: [batch, 1], values: [0] } as const });
const exact = {
  ...still,
  step: (inputs: Parameters<typeof still.step>[0]) =>
    lineDynamics().step({ ...inputs, noise: { sample: tf.cast(inputs.noise.sample!, "float32") } }, {}),
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

describe("gradients", () => {
  it("pass by where episodes end, and by the floor", async () => {
    // From x = 2 the first sequence goes on to 2.4, the second ends at 2.6 with its first step.
    const ends: Termination = {
      terminated: ({ nextObservation }) =>
        tf.greater(tf.reshape(tf.slice(nextObservation, [0, 0], [-1, 1]), [-1]), 2.45),
    };
    const scoring = { discount: 1, logProbabilityCoefficient: 0, logProbabilityFloor: -100 };
    const model = inDynamics(engine, { dynamics: exact, termination: ends, scoring });
    const sequences = Float32Array.of(0.5, 0.3, 1.2, -1);
    const scorer = model.sequences!({ ...options, pessimism: "log-probability" });
    const [{ scores, gradients } = { scores: [], gradients: [] }] = await scorer.gradient!(
      [{ state, sequences, population: 2 }],
      2,
    );
    expect(scores[0]).toBeCloseTo(1 - 2.25 ** 2 + 1 - 2.4 ** 2, 4);
    expect(scores[1]).toBeCloseTo(1 - 2.6 ** 2, 4);
    // d(1 - x^2) / da = -2 x 0.5 for each step after the action; nothing follows the end.
    expect([...gradients].map((each) => Number(each.toFixed(3)))).toEqual([-2.25 - 2.4, -2.4, -2.6, 0]);
    const strict = inDynamics(engine, { dynamics: exact, scoring: { ...scoring, logProbabilityFloor: -2 } });
    const kept = await strict.sequences!({ ...options, pessimism: "log-probability" }).gradient!(
      [{ state, sequences: Float32Array.of(0, -0.9), population: 2 }],
      1,
    );
    expect(kept[0]!.scores[0]).toBe(-Infinity);
    expect([...kept[0]!.gradients].every(Number.isFinite)).toBe(true);
    await model.close();
    await strict.close();
  });

  it("are what finite differences say, of each sequence its own", async () => {
    const model = inEnsemble(engine, await fitEnsemble(engine));
    const scorer = model.sequences!({ ...options, pessimism: "penalty" });
    const sequences = Float32Array.of(-0.5, 0.2, -0.1, 0.7, -0.3, 0.4);
    const at = async (given: Float32Array) => (await scorer.score([{ state, sequences: given, population: 2 }], 3))[0]!;
    const [{ scores, gradients } = { scores: [], gradients: [] }] = await scorer.gradient!(
      [{ state, sequences, population: 2 }],
      3,
    );
    const base = await at(sequences);
    for (const row of [0, 1]) expect(scores[row]).toBeCloseTo(base[row]!, 4);
    for (const [i, gradient] of gradients.entries()) {
      const nudged = async (by: number) => (await at(sequences.map((a, j) => (i === j ? a + by : a))))[i < 3 ? 0 : 1]!;
      expect(gradient).toBeCloseTo(((await nudged(1e-2)) - (await nudged(-1e-2))) / 2e-2, 1);
    }
    await model.close();
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

  it("gives log-probabilities' gradients where the prior is a pure function, else refuses them", async () => {
    const scoring = { discount: 0.5, logProbabilityCoefficient: 0.2 };
    const settings = { dynamics: exact, scoring, particles: 2 };
    const [model, host] = [inDynamics(engine, settings), inDynamics(engine, { ...settings, pure: false })];
    const sequences = Float32Array.of(-0.5, 0.2, -0.1, 0.7, -0.3, 0.4);
    const seam = { ...options, pessimism: "log-probability" } as const;
    const group = (given: Float32Array) => [{ state, sequences: given, population: 2 }];
    const scorer = model.sequences!(seam);
    const at = async (given: Float32Array) => (await scorer.score(group(given), 3))[0]!;
    const [{ scores, gradients } = { scores: [], gradients: [] }] = await scorer.gradient!(group(sequences), 3);
    const [apart] = await host.sequences!(seam).score(group(sequences), 3);
    for (const row of [0, 1]) {
      expect(scores[row]).toBeCloseTo((await at(sequences))[row]!, 4);
      expect(scores[row]).toBeCloseTo(apart![row]!, 4);
    }
    for (const [i, gradient] of gradients.entries()) {
      const nudged = async (by: number) => (await at(sequences.map((a, j) => (i === j ? a + by : a))))[i < 3 ? 0 : 1]!;
      expect(gradient).toBeCloseTo(((await nudged(1e-2)) - (await nudged(-1e-2))) / 2e-2, 2);
    }
    expect(model.offers.gradient).toEqual(["log-probability", "none"]);
    expect(host.offers.gradient).toEqual(["none"]);
    const refused = plannerPolicy({ planner: planners.gradient!("log-probability"), model: host, replanEvery: 1 });
    const seen = { rows: 1, columns: 2, data: state.observation };
    const acting = refused.act(seen, await refused.init(1, 1), { deterministic: true });
    await expect(acting).rejects.toThrow(/cannot take probabilities into account by "log-probability"/);
    await model.close();
    await host.close();
  });

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
