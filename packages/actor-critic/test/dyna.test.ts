import { CapabilityError, type Evaluator, NumericalError } from "@lowerbound/core";
import { lineDynamics, memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { imagineDyna, trainDyna } from "../src/index.js";
import { contextOf, engine, options, parts } from "./world.js";

afterAll(() => engine.dispose());

/** An engine that calls back in the second of the runs of the model of a rollout: 0, 1, ... */
function duringRollout(nth: number, then: () => void): typeof engine {
  let [rollout, runs] = [-1, 0];
  return {
    ...engine,
    compile: async (program) => {
      const compiled = await engine.compile(program);
      return {
        ...compiled,
        run: async (state, inputs) => {
          if (program.name !== "rollout") runs = 0;
          else if (runs++ === 0) rollout++;
          if (rollout === nth && runs === 2) then();
          return compiled.run(state, inputs);
        },
      };
    },
  };
}

describe("the Dyna-style trainer", () => {
  it("finds a policy better than the data's in an exact model", async () => {
    const { tensors, facts } = await trainDyna(contextOf(memoryRun()), parts, {
      ...options,
      updates: 1200,
      rolloutFrequency: 100,
    });
    // Staying at 0 pays 1 a step; the behaviour's mean reward is near 0.
    expect(facts.modelReturn).toBeGreaterThan(6);
    expect(facts.environmentStepsDuringTraining).toBe(0);
    const { random, ...context } = contextOf(memoryRun());
    const starts = { rows: 2, columns: 2, data: Float32Array.of(1, 0.5, -1, -0.5) };
    const returns = await imagineDyna({ ...context, random, tensors, starts, horizon: 10 }, parts);
    expect(returns).toHaveLength(2);
    expect(Math.min(...returns)).toBeGreaterThan(6);
  });

  it("ends with the same bytes wherever it was interrupted", async () => {
    const whole = memoryRun();
    const wanted = await trainDyna(contextOf(whole), parts, options);
    for (const abortAt of [1, 20, 33, 50]) {
      const interrupted = memoryRun({ abortAt });
      await expect(trainDyna(contextOf(interrupted), parts, options)).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await trainDyna(contextOf(resumed), parts, options)).toEqual(wanted);
      expect(resumed.rows.at(-1)).toEqual(whole.rows.at(-1));
    }
  });

  it("ends with the same bytes after an interruption inside a rollout, and loses no update to it", async () => {
    const wanted = await trainDyna(contextOf(memoryRun()), parts, options);
    for (const during of [0, 1, 2]) {
      const controller = new AbortController();
      const interrupted = { ...memoryRun(), signal: controller.signal };
      const stopping = duringRollout(during, () => controller.abort(new Error("interrupted")));
      const training = trainDyna({ ...contextOf(interrupted), engine: stopping }, parts, options);
      await expect(training).rejects.toThrow("interrupted");
      const from = interrupted.checkpoints.at(-1)!;
      expect(from.step).toBe(during * options.rolloutFrequency);
      expect(await trainDyna(contextOf(memoryRun({ from })), parts, options)).toEqual(wanted);
    }
  });

  it("goes on from a checkpoint after a rollout whose rewards overflowed", async () => {
    const model = lineDynamics();
    const overflowing: typeof model = {
      ...model,
      step: (inputs, params) => {
        const step = model.step(inputs, params);
        const far = tf.cast(tf.greater(inputs.noise.sample!, 2.9), "float32");
        return { ...step, reward: tf.sub(step.reward, tf.mul(tf.mul(far, 3e38), 10)) };
      },
    };
    const few = { ...options, updates: 100, checkpointEvery: 1, batchSize: 2, realRatio: 0.5, rolloutBatch: 100 };
    const run = memoryRun();
    const training = trainDyna(contextOf(run), { ...parts, dynamics: overflowing }, few);
    const stopped = await training.catch((error: unknown) => error);
    const overflowed = run.checkpoints.find(({ data }) => JSON.stringify(data).includes('"modelReward":null'))!;
    const from = { ...overflowed, data: JSON.parse(JSON.stringify(overflowed.data)) };
    expect(from.data).toEqual(overflowed.data);
    const resumed = trainDyna(contextOf(memoryRun({ from })), { ...parts, dynamics: overflowing }, few);
    expect(await resumed.catch((error: unknown) => error)).toEqual(stopped);
  });

  it("logs losses, values, the model's reward and how often it looked at the environment", async () => {
    const run = memoryRun();
    await trainDyna(contextOf(run), parts, options);
    expect(run.rows.map(({ step }) => step)).toEqual([15, 30, 45, 60]);
    const names = Object.keys(run.rows[0]!.figures);
    for (const name of [
      "criticLoss1",
      "criticLoss2",
      "actorLoss",
      "alpha",
      "qMean",
      "modelReward",
      "penalty",
      "rolloutSteps",
      "environmentSteps",
    ])
      expect(names).toContain(name);
  });

  it("evaluates only when asked, counts it, and keeps the best", async () => {
    let calls = 0;
    const evaluator: Evaluator = {
      every: 20,
      evaluate: async () => {
        const mean = [5, 9, 7][calls++]!;
        return { environmentId: "line", returns: [mean], lengths: [10], mean, std: 0, environmentSteps: 10 };
      },
      close: async () => {},
    };
    const run = memoryRun();
    const { facts } = await trainDyna(contextOf(run, evaluator), parts, options);
    expect(facts).toMatchObject({ evaluationsDuringTraining: 3, environmentStepsDuringTraining: 30 });
    expect(run.snapshots.get("best")).toMatchObject({ step: 40, data: { return: 9 } });
    expect(run.rows.filter(({ figures }) => "return" in figures).map(({ figures }) => figures.return)).toEqual([
      5, 9, 7,
    ]);
  });
});

describe("an interrupted evaluation", () => {
  /** Its n-th whole evaluation gives the n-th return. */
  function evaluatorOf(means: readonly number[]): Evaluator {
    let calls = 0;
    return {
      every: 20,
      evaluate: async (_policy, _seed, signal) => {
        signal?.throwIfAborted();
        const mean = means[calls++]!;
        return { environmentId: "line", returns: [mean], lengths: [10], mean, std: 0, environmentSteps: 10 };
      },
      close: async () => {},
    };
  }
  const returnsOf = ({ rows }: ReturnType<typeof memoryRun>) => rows.filter(({ figures }) => "return" in figures);

  it.each([19, 39, 59])("stops at once after update %i and is made when the run goes on", async (abortAt) => {
    const whole = memoryRun();
    const wanted = await trainDyna(contextOf(whole, evaluatorOf([5, 9, 7])), parts, options);
    const evaluator = evaluatorOf([5, 9, 7]);
    const interrupted = memoryRun({ abortAt });
    await expect(trainDyna(contextOf(interrupted, evaluator), parts, options)).rejects.toThrow("interrupted");
    const from = interrupted.checkpoints.at(-1)!;
    expect(from.step).toBe(abortAt + 1);
    expect(returnsOf(interrupted)).toHaveLength((abortAt + 1) / 20 - 1);
    const resumed = memoryRun({ from });
    expect(await trainDyna(contextOf(resumed, evaluator), parts, options)).toEqual(wanted);
    expect([...returnsOf(interrupted), ...returnsOf(resumed)]).toEqual(returnsOf(whole));
  });

  it("does not hide an evaluator's own failure", async () => {
    const failing = { ...evaluatorOf([]), evaluate: () => Promise.reject(new Error("the simulator broke")) };
    const run = memoryRun({ abortAt: 19 });
    await expect(trainDyna(contextOf(run, failing), parts, options)).rejects.toThrow("the simulator broke");
  });
});

describe("what the trainer refuses", () => {
  it("stops at NaN, says in which tensor and since when, and keeps the last good checkpoint", async () => {
    const run = memoryRun();
    let updates = 0;
    const poisoned: typeof engine = {
      ...engine,
      compile: async (program) => {
        const compiled = await engine.compile(program);
        if (program.name !== "sac-update") return compiled;
        return {
          ...compiled,
          run: async (state, inputs) => {
            if (++updates === 31) state.get("critic")!.data[0] = Number.NaN;
            return compiled.run(state, inputs);
          },
        };
      },
    };
    const training = trainDyna({ ...contextOf(run), engine: poisoned }, parts, options);
    await expect(training).rejects.toThrow(NumericalError);
    await expect(training).rejects.toThrow(/tensors .*\bcritic,.*: criticLoss1 is NaN since update 31/);
    expect(run.checkpoints.map(({ step }) => step)).toEqual([25]);
  });

  it("a model with a state of its own, and a penalty without members", async () => {
    const model = lineDynamics();
    const stateful = { ...model, capabilities: { ...model.capabilities, stateful: true } };
    await expect(trainDyna(contextOf(memoryRun()), { ...parts, dynamics: stateful }, options)).rejects.toThrow(
      CapabilityError,
    );
    const penalty = { penalise: () => tf.zeros([1]) };
    await expect(trainDyna(contextOf(memoryRun()), { ...parts, penalty }, options)).rejects.toThrow(/members/);
  });
});
