import {
  type Algorithm,
  drawNoise,
  type Evaluator,
  type HostTensors,
  Random,
  type TensorProgram,
} from "@lowerbound/core";
import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  expectileLoss,
  initialiseIql,
  initialiseTd3Bc,
  iql,
  iqlOptions,
  iqlProgram,
  td3Bc,
  td3BcOptions,
  td3BcPrograms,
} from "../src/index.js";
import { contextOf, engine } from "./world.js";

beforeAll(() => tf.setBackend("cpu"));
afterAll(() => engine.dispose());

const dimensions = { observation: 2, action: 1 };
const ALONE = {
  inject: () => {
    throw new Error("baselines need nothing");
  },
  optional: () => undefined,
};
const batch = {
  observation: Float32Array.of(1, 2, 3, 4),
  action: Float32Array.of(0.5, -0.1),
  reward: Float32Array.of(1, 3),
  nextObservation: Float32Array.of(1, 2, 3, 4),
  termination: Float32Array.of(0, 1),
  fromData: Float32Array.of(1, 1),
};

/** Networks that put out nothing, but for the critics' last biases. */
function silent(fresh: HostTensors, biases: Readonly<Record<string, readonly number[]>>): HostTensors {
  const networks = ["network", "targetNetwork", "actor", "critic", "target", "value"];
  const entries = Object.entries(fresh).map(([name, host]) => {
    const data = Float32Array.from(host.data);
    if (networks.includes(name)) data.fill(0);
    const last = biases[name] ?? [];
    data.set(last, data.length - last.length);
    return [name, { ...host, data }] as const;
  });
  return Object.fromEntries(entries);
}

async function runOnce(program: TensorProgram, initial: HostTensors, inputs: Partial<typeof batch> = {}) {
  const compiled = await engine.compile(program);
  const state = new Map(Object.entries(initial));
  const outputs = await compiled.run(state, { ...batch, ...inputs, ...drawNoise(Random.fromSeed(1), program.noise) });
  const figures = Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data[0]!]));
  await compiled.dispose();
  return { figures, state };
}

describe("TD3+BC's update", () => {
  const options = td3BcOptions.parse({ hiddenSizes: [4], policyDelay: 3 });
  const scale = { mean: new Float32Array(2), std: Float32Array.of(1, 1) };
  const fresh = () => initialiseTd3Bc(Random.fromSeed(1), dimensions, options, scale);

  it("aims at r + discount times the smaller target Q, and at r where the episode ended", async () => {
    const [critics] = td3BcPrograms(dimensions, options, 2);
    const { figures } = await runOnce(critics!, silent(fresh(), { target: [5, 2], critic: [1, 0] }));
    const targets = [1 + 0.99 * 2, 3];
    expect(figures.targetMean!).toBeCloseTo((targets[0]! + targets[1]!) / 2, 5);
    expect(figures.criticLoss1!).toBeCloseTo(((targets[0]! - 1) ** 2 + (targets[1]! - 1) ** 2) / 2, 4);
    expect(figures.criticLoss2!).toBeCloseTo((targets[0]! ** 2 + targets[1]! ** 2) / 2, 4);
  });

  it("gives the actor imitation less alpha times the sign of a constant Q", async () => {
    const both = td3BcPrograms(dimensions, options, 2).at(-1)!;
    const { figures } = await runOnce(both, silent(fresh(), { critic: [7, -3] }));
    expect(figures.imitationLoss!).toBeCloseTo((0.25 + 0.01) / 2, 5);
    expect(figures.actorLoss!).toBeCloseTo((0.25 + 0.01) / 2 - 2.5, 4);
  });

  it.each([0.1, 3])(
    "weighs imitation against the value in a box of half-width %d as in one of 1",
    async (maximumAction) => {
      const wider = { ...options, maximumAction };
      const action = batch.action.map((value) => maximumAction * value);
      const initial = { ...fresh(), critic: silent(fresh(), { critic: [7, -3] }).critic! };
      const wanted = await runOnce(td3BcPrograms(dimensions, options, 2).at(-1)!, initial);
      const { figures } = await runOnce(td3BcPrograms(dimensions, wider, 2).at(-1)!, initial, { action });
      expect(figures.imitationLoss!).toBeCloseTo(wanted.figures.imitationLoss!, 5);
      expect(figures.actorLoss!).toBeCloseTo(wanted.figures.actorLoss!, 5);
    },
  );

  it("moves actor and targets in every third update only", async () => {
    const programs = td3BcPrograms(dimensions, options, 2);
    expect(programs.map(({ name }) => name)).toEqual(["td3-bc-critics", "td3-bc-critics", "td3-bc-update"]);
    const before = fresh();
    const first = await runOnce(programs[0]!, before);
    const third = await runOnce(programs[2]!, before);
    for (const name of ["network", "targetNetwork", "target"]) {
      expect(first.state.get(name)!.data).toEqual(before[name]!.data);
      expect(third.state.get(name)!.data).not.toEqual(before[name]!.data);
    }
    expect(first.state.get("critic")!.data).not.toEqual(before.critic!.data);
  });
});

describe("IQL's update", () => {
  it("weighs values above and below an expectile", () => {
    const u = tf.tensor2d([[1], [-2]]);
    expect(expectileLoss(u, 0.7).dataSync()[0]).toBeCloseTo((0.7 * 1 + 0.3 * 4) / 2, 6);
  });

  it("learns value, actor and critics from the losses of its paper", async () => {
    // Steps so small that the value stays where it was.
    const options = iqlOptions.parse({ hiddenSizes: [4], criticLearningRate: 1e-12 });
    const initial = silent(initialiseIql(Random.fromSeed(1), dimensions, options, 2), { target: [5, 3], value: [1] });
    const { figures, state } = await runOnce(iqlProgram(dimensions, options, 2), initial);
    expect(figures.valueLoss!).toBeCloseTo(0.7 * (3 - 1) ** 2, 4);
    expect(figures.advantage!).toBeCloseTo(2, 5);
    expect(figures.targetMean!).toBeCloseTo((2 * 1 + 0.99 * 1 + 2 * 3) / 2, 5);
    // exp(3 * 2) is beyond the largest weight.
    const logProbability = -0.5 * Math.log(2 * Math.PI) - (0.25 + 0.01) / 4;
    expect(figures.actorLoss!).toBeCloseTo(-100 * logProbability, 3);
    expect(state.get("updates")!.data[0]).toBe(1);
  });

  it("stops moving the actor at the end of its schedule", async () => {
    const options = iqlOptions.parse({ hiddenSizes: [4], updates: 10 });
    const initial = initialiseIql(Random.fromSeed(1), dimensions, options, 1);
    const movedAt = async (updates: number): Promise<number> => {
      const at = { ...initial, updates: { ...initial.updates!, data: Float32Array.of(updates) } };
      const { state } = await runOnce(iqlProgram(dimensions, options, 2), at);
      const moves = state.get("logStd")!.data[0]! - initial.logStd!.data[0]!;
      return Math.abs(moves);
    };
    expect(await movedAt(0)).toBeCloseTo(3e-4, 6);
    expect(await movedAt(5)).toBeCloseTo(1.5e-4, 6);
    expect(await movedAt(10)).toBeLessThan(1e-9);
  });
});

const small = { hiddenSizes: [16, 16], batchSize: 64, discount: 0.9, logEvery: 25, checkpointEvery: 40 };
const rates = { actorLearningRate: 3e-3, criticLearningRate: 3e-3 };
const make: Readonly<Record<string, (updates: number) => Algorithm>> = {
  "td3-bc": (updates) => td3Bc.create(td3BcOptions.parse({ ...small, ...rates, updates }), ALONE),
  iql: (updates) => iql.create(iqlOptions.parse({ ...small, ...rates, updates, rewardScale: 1 }), ALONE),
};

describe.each(["td3-bc", "iql"])("the algorithm %s", (name) => {
  it("acts better than the data", async () => {
    const algorithm = make[name]!(1000);
    const run = memoryRun();
    const { tensors } = await algorithm.train(contextOf(run));
    const acting = await algorithm.policy({ dimensions, engine, tensors });
    const observations = { rows: 2, columns: 2, data: Float32Array.of(1, 0.5, -1.6, -0.8) };
    const { actions } = await acting.act(observations, await acting.init(2, 0), { deterministic: true });
    await acting.close();
    // The behaviour's mean action is -x / 2; going to 0 at once pays most.
    expect(actions.data[0]!).toBeLessThan(-0.55);
    expect(actions.data[1]!).toBeGreaterThan(0.85);
    expect(Object.keys(run.rows.at(-1)!.figures)).toEqual(
      expect.arrayContaining(["actorLoss", "criticLoss1", "qMean"]),
    );
  });

  it("ends with the same bytes wherever it was interrupted", async () => {
    const algorithm = make[name]!(60);
    const whole = memoryRun();
    const wanted = await algorithm.train(contextOf(whole));
    for (const abortAt of [1, 40, 47]) {
      const interrupted = memoryRun({ abortAt });
      await expect(algorithm.train(contextOf(interrupted))).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await algorithm.train(contextOf(resumed))).toEqual(wanted);
      expect(resumed.rows.at(-1)).toEqual(whole.rows.at(-1));
    }
  });

  it("makes an evaluation that was interrupted when the run goes on", async () => {
    const evaluator: Evaluator = {
      every: 30,
      evaluate: async (_policy, _seed, signal) => {
        signal?.throwIfAborted();
        return { environmentId: "line", returns: [4], lengths: [10], mean: 4, std: 0, environmentSteps: 10 };
      },
      close: async () => {},
    };
    const algorithm = make[name]!(60);
    const wanted = await algorithm.train(contextOf(memoryRun(), evaluator));
    expect(wanted.facts).toMatchObject({ evaluationsDuringTraining: 2 });
    for (const abortAt of [29, 59]) {
      const interrupted = memoryRun({ abortAt });
      await expect(algorithm.train(contextOf(interrupted, evaluator))).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await algorithm.train(contextOf(resumed, evaluator))).toEqual(wanted);
    }
  });
});
