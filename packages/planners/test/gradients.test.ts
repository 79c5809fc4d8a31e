import { Random, type SequenceEvaluator, type Termination } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { ascend, gradientPlanner, plannerPolicy } from "../src/index.js";
import { exact, options, state } from "./exact.js";
import { fitEnsemble, inDynamics, inEnsemble } from "./models.js";
import { ALONE, planners } from "./planners.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

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

  it("lead back over the floor, where log P_beta counts", async () => {
    const scoring = { discount: 1, logProbabilityCoefficient: 0.5 };
    const gradientsWith = async (floor: object) => {
      const model = inDynamics(engine, { dynamics: exact, scoring: { ...scoring, ...floor } });
      const scorer = model.sequences!({ ...options, pessimism: "log-probability" });
      const group = { state, sequences: Float32Array.of(0.1, 0.2, -0.8, -0.5), population: 2 };
      const [found] = await scorer.gradient!([group], 2);
      await model.close();
      return found!;
    };
    const [free, floored] = [await gradientsWith({}), await gradientsWith({ logProbabilityFloor: -2 })];
    expect([floored.scores[0], Number.isFinite(free.scores[0])]).toEqual([-Infinity, true]);
    expect([...floored.gradients]).toEqual([...free.gradients]);
  });

  it("move no action where they are no numbers, whatever the momentum", async () => {
    const seen: number[] = [];
    const cliff: SequenceEvaluator = {
      ...{ actionSize: 1, low: Float32Array.of(-2), high: Float32Array.of(2), pessimism: "none" },
      evaluate: async () => Float32Array.of(0),
      gradient: async (given) => {
        const [action] = given;
        seen.push(action!);
        return action! > 0
          ? { scores: Float32Array.of(Number.NaN), gradients: Float32Array.of(Number.NaN) }
          : { scores: Float32Array.of(action!), gradients: Float32Array.of(1) };
      },
    };
    const found = await ascend(cliff, Float32Array.of(-1.5), { horizon: 1, steps: 6, starts: 1, learningRate: 0.5 });
    expect(seen.map((action) => Number(action.toFixed(3)))).toEqual([-1.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(found.score).toBeCloseTo(-0.5, 6);
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

  it("of a relaxation show the way, and the plan is what scores highest in truth", async () => {
    // The relaxation rises up to 1; in truth there is a fall beyond 0.6.
    const scoresOf = (sequences: Float32Array) => sequences.map((a) => (a > 0.6 ? -a : a));
    const request = {
      state,
      random: Random.fromSeed(1),
      sequences: {
        ...{ actionSize: 1, low: Float32Array.of(-1), high: Float32Array.of(1), pessimism: "none" as const },
        relaxed: true,
        evaluate: async (sequences: Float32Array) => scoresOf(sequences),
        gradient: async (sequences: Float32Array) => ({
          scores: sequences.map((a) => Math.min(a, 0.9)),
          // Some climb to the top, some stay where they began.
          gradients: sequences.map((a) => (a > 0 ? 1 : 0)),
        }),
      },
    };
    const planner = gradientPlanner.create(
      { horizon: 1, steps: 20, starts: 12, learningRate: 0.1, pessimism: "none" },
      ALONE,
    );
    const { actions, score } = await planner.plan(request);
    expect(score).toBeCloseTo(actions.data[0]!, 6);
    expect(actions.data[0]).toBeLessThanOrEqual(0);
  });
});
