import { CapabilityError, Random } from "@lowerbound/core";
import { createEagerEngine } from "@lowerbound/runtime";
import { memoryRun, optimiserConformance } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clippedLoss, createPpo, estimateAdvantages, ppoActorLoss, ppoOptions, trainDyna } from "../src/index.js";
import { contextOf, engine, options, parts } from "./world.js";

beforeAll(() => tf.setBackend("cpu"));
afterAll(() => engine.dispose());

const eager = createEagerEngine("cpu", async () => "cpu");
const settings = ppoOptions.parse({
  hiddenSizes: [16],
  discount: 0.9,
  actorLearningRate: 3e-3,
  valueLearningRate: 1e-2,
});
const onPolicy = { ...parts, optimiser: createPpo(settings) };

describe.each([{ maximumAction: 1 }, { maximumAction: 2.5, entropyBonus: 0.1 }])("ppo %o", (set) => {
  const make = () => createPpo(ppoOptions.parse({ hiddenSizes: [16, 16], standardiseObservations: false, ...set }));
  it.each(optimiserConformance({ make, maximumAction: set.maximumAction, engines: [engine, eager] }))(
    "$name",
    ({ run }) => run(),
  );
});

describe("generalised advantage estimation", () => {
  // Two starts, two steps: the first row ends at once, the second goes on and is cut.
  const rollout = {
    starts: 2,
    rolloutLength: 2,
    rewards: Float32Array.of(1, 2, 3),
    terminations: Uint8Array.of(1, 0, 0),
    values: Float32Array.of(10, 20, 30),
    nextValues: Float32Array.of(99, 30, 40),
  };

  it("is what one reckons by hand", () => {
    const { advantages, targets } = estimateAdvantages(rollout, { discount: 0.5, traceDecay: 0.5 });
    // Last: 3 + 0.5 * 40 - 30 = -7. Second: 2 + 0.5 * 30 - 20 = -3, and a quarter of -7. First: 1 - 10, nothing after.
    expect([...advantages]).toEqual([-9, -4.75, -7]);
    expect([...targets]).toEqual([1, 15.25, 23]);
  });

  it("follows each row past others that ended", () => {
    const long = {
      starts: 3,
      rolloutLength: 3,
      rewards: Float32Array.of(1, 2, 3, 10, 20, 100),
      terminations: Uint8Array.of(0, 1, 0, 1, 0, 0),
      values: new Float32Array(6),
      nextValues: Float32Array.of(0, 0, 0, 0, 0, 8),
    };
    const { targets } = estimateAdvantages(long, { discount: 0.5, traceDecay: 1 });
    // Rows of the first start: 0, 3; of the third: 2, 4, 5.
    expect([...targets]).toEqual([1 + 5, 2, 3 + 0.5 * (20 + 0.5 * 104), 10, 20 + 0.5 * 104, 104]);
  });
});

describe("the clipped objective", () => {
  const column = (...values: number[]) => tf.tensor2d(values, [values.length, 1]);

  it("stops paying beyond the clip, and never forgives", () => {
    const ratios = [1.5, 1.5, 0.5, 0.5, 1.1];
    const advantage = [2, -2, 2, -2, 1];
    const loss = clippedLoss(
      {
        logProbability: column(...ratios.map(Math.log)),
        oldLogProbability: column(0, 0, 0, 0, 0),
        advantage: column(...advantage),
      },
      0.2,
    );
    expect(loss.dataSync()[0]).toBeCloseTo(-(1.2 * 2 - 1.5 * 2 + 0.5 * 2 - 0.8 * 2 + 1.1) / 5, 6);
  });

  it("has the gradient that finite differences have", () => {
    const small = ppoOptions.parse({ hiddenSizes: [3], standardiseObservations: false, entropyBonus: 0.3 });
    const random = Random.fromSeed(5);
    const normal = (rows: number, columns: number) =>
      tf.tensor2d(random.normal(new Float32Array(rows * columns)), [rows, columns]);
    const tensors = {
      observation: normal(6, 2),
      action: tf.tanh(normal(6, 1)),
      logProbability: tf.sub(normal(6, 1), 1.5),
      advantage: normal(6, 1),
    };
    const actor = {
      weight0: normal(2, 3),
      bias0: tf.zeros([3]),
      weight1: normal(3, 1),
      bias1: tf.zeros([1]),
      logStd: tf.tensor1d([-0.2]),
    };
    const lossOf = (of: typeof actor): number => ppoActorLoss(of, tensors, small).loss.dataSync()[0]!;
    const gradients = tf.grads((weight0, logStd) =>
      tf.reshape(ppoActorLoss({ ...actor, weight0: weight0!, logStd: logStd! }, tensors, small).loss, []),
    )([actor.weight0, actor.logStd]);
    const bump = (tensor: tf.Tensor, index: number, by: number) => {
      const data = Float32Array.from(tensor.dataSync());
      data[index]! += by;
      return tf.tensor(data, tensor.shape);
    };
    const step = 2e-3;
    for (const [name, gradient] of [
      ["weight0", gradients[0]!],
      ["logStd", gradients[1]!],
    ] as const) {
      for (const [index, value] of gradient.dataSync().entries()) {
        const at = (by: number) => lossOf({ ...actor, [name]: bump(actor[name], index, by) });
        expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(value, 2);
      }
    }
  });
});

describe("PPO in the trainer", () => {
  it("finds a policy better than the data's in an exact model", async () => {
    const sizes = { updates: 800, rolloutFrequency: 40, rolloutBatch: 200, rolloutLength: 5, rolloutRows: 200 };
    const { facts } = await trainDyna(contextOf(memoryRun()), onPolicy, { ...options, ...sizes, batchSize: 64 });
    const before = await trainDyna(contextOf(memoryRun()), onPolicy, { ...options, ...sizes, updates: 1 });
    // Staying at 0 pays 1 a step.
    expect(before.facts.modelReturn).toBeLessThan(4);
    expect(facts.modelReturn).toBeGreaterThan(6);
  });

  it("ends with the same bytes wherever it was interrupted", async () => {
    const whole = memoryRun();
    const wanted = await trainDyna(contextOf(whole), onPolicy, options);
    for (const abortAt of [1, 20, 33, 50]) {
      const interrupted = memoryRun({ abortAt });
      await expect(trainDyna(contextOf(interrupted), onPolicy, options)).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await trainDyna(contextOf(resumed), onPolicy, options)).toEqual(wanted);
      expect(resumed.rows.at(-1)).toEqual(whole.rows.at(-1));
    }
  });

  it("keeps the newest rollout alone in checkpoints, however short rollouts turn out", async () => {
    const ending = { terminated: ({ action }: { action: tf.Tensor }) => tf.ones([action.shape[0]!], "bool") };
    const run = memoryRun();
    await trainDyna(contextOf(run), { ...onPolicy, termination: ending }, { ...options, rolloutLength: 20 });
    expect(run.checkpoints.map(({ data }) => (data.recipes as object[]).length)).toEqual(run.checkpoints.map(() => 1));
  });

  it("starts from given tensors", async () => {
    const actor = onPolicy.optimiser.initialise({ observation: 2, action: 1 }, Random.fromSeed(9), {}, scale).actor!;
    const lazy = createPpo({ ...settings, actorLearningRate: 1e-12 });
    const started = { ...onPolicy, optimiser: lazy, start: { actor } };
    const { tensors } = await trainDyna(contextOf(memoryRun()), started, { ...options, updates: 2 });
    const moved = [...tensors.actor!.data].map((value, k) => Math.abs(value - actor.data[k]!));
    expect(Math.max(...moved)).toBeLessThan(1e-9);
  });

  it("refuses an algorithm that changes critics, for it has none", async () => {
    const hooks = { targetPenalty: () => tf.zeros([1]) };
    await expect(trainDyna(contextOf(memoryRun()), { ...onPolicy, hooks }, options)).rejects.toThrow(CapabilityError);
  });
});

const scale = { mean: new Float32Array(2), std: new Float32Array(2).fill(1) };
