import { type Fitted, float32, Random, SequenceModel, scoped, unscoped } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { createTokenDynamics, createTransformer, transformerOptions } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const EPISODES = 100;
const STEPS = 3 * EPISODES;

/** Episodes that pass 0, 1 and 2 whatever the action, and end there. */
const threeSteps = inMemoryDataset({
  name: "three steps",
  observation: 1,
  action: 1,
  observations: Float32Array.from({ length: STEPS }, (_, step) => step % 3),
  actions: Random.fromSeed(1).uniform(new Float32Array(STEPS)),
  rewards: new Float32Array(STEPS).fill(1),
  terminations: Uint8Array.from({ length: STEPS }, (_, step) => (step % 3 === 2 ? 1 : 0)),
  timeouts: new Uint8Array(STEPS),
  nextObservations: Float32Array.from({ length: STEPS }, (_, step) => (step % 3) + 1),
});

const options = transformerOptions.parse({
  transitions: 2,
  bins: 3,
  strategy: "uniform",
  layers: 1,
  heads: 1,
  embedding: 16,
  updates: 300,
  batchSize: 16,
  learningRate: 1e-2,
  dropout: 0,
});

const ROWS = 100;

/** Share of steps from an observation that end the episode. */
async function endsFrom(place: number, { tensors }: Fitted): Promise<number> {
  const model = createTokenDynamics({});
  const dimensions = { observation: 1, action: 1 };
  const program = await engine.compile({
    name: "ends",
    state: scoped("model", model.parameters(tensors)),
    inputs: { observation: float32(ROWS, 1), action: float32(ROWS, 1) },
    noise: scoped("noise", model.stepNoise(dimensions, ROWS, tensors)),
    fn: (given) => {
      const at = { observation: given.observation!, action: given.action!, noise: unscoped("noise", given), carry: {} };
      return { ended: tf.cast(model.step(at, unscoped("model", given)).ended!, "float32") };
    },
  });
  const random = Random.fromSeed(2);
  const { ended } = await program.run(new Map(Object.entries(scoped("model", tensors))), {
    observation: new Float32Array(ROWS).fill(place),
    action: random.uniform(new Float32Array(ROWS)),
    "noise/tokens": random.uniform(new Float32Array(3 * ROWS)),
  });
  const count = Float32Array.from(ended!.data).reduce((sum, end) => sum + end, 0);
  await program.dispose();
  return count / ROWS;
}

describe("ends of episodes in the model of the dynamics", () => {
  it("are learnt, from the sequence model's windows that start at terminal steps", async () => {
    const dynamics = createTokenDynamics({});
    const context = { dataset: threeSteps, engine, random: Random.fromSeed(0), run: memoryRun() };
    const sequence = await createTransformer(options).fit({
      ...context,
      asked: dynamics.asks?.[SequenceModel.name] ?? [],
      fitted: () => ({ tensors: {}, facts: {} }),
    });
    const fitted = await dynamics.fit({ ...context, fitted: () => sequence });
    expect(await endsFrom(0, fitted)).toBeLessThan(0.05);
    expect(await endsFrom(1, fitted)).toBeLessThan(0.05);
    expect(await endsFrom(2, fitted)).toBeGreaterThan(0.95);
  });
});
