import {
  CapabilityError,
  ConfigError,
  float32,
  type HostTensors,
  Random,
  SequenceModel,
  scoped,
  unscoped,
} from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { dynamicsConformance, lineWorld, memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import {
  createDecoder,
  createTokenDynamics,
  dynamicsTensors,
  encode,
  expectation,
  type FittedModel,
  fittedTensors,
  openTokenModel,
  rollOut,
  softmax,
} from "../src/index.js";
import { handModel } from "./hand-model.js";
import { randomModel } from "./random-model.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => engine.dispose());

type Options = Parameters<typeof createTokenDynamics>[0];
const ROWS = 200;

/** A step of the graph from rows of the same noise as a roll-out on the host draws, token after token. */
async function stepped(fitted: FittedModel, options: Options, seed: number) {
  const { observation, action } = fitted.sizes;
  const model = createTokenDynamics(options);
  const tensors = dynamicsTensors(fitted);
  const noise = model.stepNoise(fitted.sizes, ROWS, tensors);
  const program = await engine.compile({
    name: "step",
    state: scoped("model", model.parameters(tensors)),
    inputs: { observation: float32(ROWS, observation), action: float32(ROWS, action) },
    noise: scoped("noise", noise),
    fn: (given) => {
      const [at, params] = [{ observation: given.observation!, action: given.action! }, unscoped("model", given)];
      const { nextObservation, reward, ended } = model.step(
        { ...at, noise: unscoped("noise", given), carry: {} },
        params,
      );
      return { nextObservation, reward, ended: tf.cast(ended ?? tf.zeros([ROWS], "bool"), "float32") };
    },
  });
  const random = Random.fromSeed(seed);
  const columns = Array.from({ length: observation + 2 }, () => random.uniform(new Float32Array(ROWS)));
  const uniform = Float32Array.from({ length: ROWS * columns.length }, (_, i) => {
    return columns[i % columns.length]![Math.floor(i / columns.length)]!;
  });
  const state = new Map(Object.entries(scoped("model", tensors)));
  const found = await program.run(state, { ...rowsOf(fitted), "noise/tokens": uniform });
  const copies = Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, Float32Array.from(data)]));
  await program.dispose();
  return copies;
}

function rowsOf({ sizes }: FittedModel) {
  const spread = (width: number, seed: number) =>
    Random.fromSeed(seed)
      .uniform(new Float32Array(ROWS * width))
      .map((u) => 2.4 * u - 1.2);
  return { observation: spread(sizes.observation, 1), action: spread(sizes.action, 2) };
}

async function sampled(fitted: FittedModel, { observationTopK, observationCdf, rewardTopK }: Options, seed: number) {
  const filters = { observation: { topK: observationTopK, cdf: observationCdf }, reward: { topK: rewardTopK } };
  const model = openTokenModel(engine, fitted, { filters });
  const { observation, action } = rowsOf(fitted);
  const size = fitted.sizes.observation;
  const starts = Array.from({ length: ROWS }, (_, row) => ({
    observation: observation.slice(row * size, (row + 1) * size),
  }));
  const found = await rollOut(model, { starts, steps: 1, actions: action, random: Random.fromSeed(seed) });
  await model.decoder.close();
  return found;
}

describe("the model of trajectories as a model of the dynamics", () => {
  it.each(
    dynamicsConformance({
      model: createTokenDynamics({}),
      dimensions: { observation: 3, action: 2 },
      fitted: dynamicsTensors(randomModel({ observation: 3, action: 2, terminates: true })),
      engines: [engine, eager],
    }),
  )("$name", ({ run }) => run());

  it.each<[string, Options]>([
    ["of all tokens", {}],
    ["of the most likely tokens", { observationTopK: 3, rewardTopK: 1 }],
    ["without the unlikely ones", { observationCdf: 0.4 }],
  ])("draws %s what the roll-out on the host draws from the same numbers", async (_, options) => {
    for (const terminates of [false, true]) {
      const fitted = randomModel({ observation: 3, action: 2, terminates });
      const [inGraph, onHost] = [await stepped(fitted, options, 4), await sampled(fitted, options, 4)];
      expect([...inGraph.ended!]).toEqual([...onHost.terminations]);
      const ends = onHost.terminations.reduce((sum, end) => sum + end, 0);
      if (terminates && options.rewardTopK === undefined) expect(ends).toBeGreaterThan(5);
      for (let row = 0; row < ROWS; row++) {
        for (let d = 0; d < 3; d++) {
          expect(inGraph.nextObservation![3 * row + d]).toBeCloseTo(onHost.observations[6 * row + 3 + d]!, 5);
        }
      }
    }
  });

  it("pays the expectation of its rewards", async () => {
    const fitted = randomModel({ observation: 3, action: 2, terminates: true });
    const { reward } = await stepped(fitted, {}, 4);
    const { observation, action } = rowsOf(fitted);
    const rows = Array.from({ length: ROWS }, (_, row) => [
      ...observation.subarray(3 * row, 3 * row + 3),
      ...action.subarray(2 * row, 2 * row + 2),
    ]);
    const decoder = createDecoder(engine, fitted.architecture, fitted.weights);
    const tokens = encode(fitted.discretiser, rows.flat(), { from: 0, count: 5 });
    const { logits } = await decoder.encode(tokens, ROWS);
    const wanted = expectation(fitted.discretiser, softmax(logits, 7), 7, { from: 5, count: 1 });
    wanted.forEach((value, row) => {
      expect(reward![row]).toBeCloseTo(value, 5);
    });
    await decoder.close();
  });

  it("takes the pipeline's fitted model, and refuses another's", async () => {
    const fitWith = (tensors: HostTensors) =>
      createTokenDynamics({}).fit({
        dataset: inMemoryDataset(lineWorld(40, 1)),
        engine,
        random: Random.fromSeed(0),
        run: memoryRun(),
        fitted: (kind) => ({ tensors: kind === SequenceModel.name ? tensors : {}, facts: {} }),
      });
    const fitted = randomModel();
    expect((await fitWith(fittedTensors(fitted))).tensors).toEqual(dynamicsTensors(fitted));
    await expect(fitWith({})).rejects.toThrow(CapabilityError);
    await expect(fitWith(fittedTensors(handModel(() => 0)))).rejects.toThrow(ConfigError);
  });
});
