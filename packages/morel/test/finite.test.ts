import { createPpo, ppoOptions } from "@lowerbound/actor-critic";
import { hostFloat32, NumericalError, Random, type UncertaintyPenalty } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineMember, lineWorld, memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, expect, it } from "vitest";
import { compute } from "../../../tools/parity/subjects/compute.js";
import { fitMorel } from "../src/fit.js";
import { haltTransition, morelOptions } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

/** u = log of the observation, which is no number below 0. */
const logarithm: UncertaintyPenalty = {
  penalise: ({ observation }) => tf.log(tf.squeeze(tf.slice(observation, [0, 0], [-1, 1]), [1])),
};

it("halts where the penalty is no number: nothing says that the pair is known", async () => {
  const { reshapeTransition } = haltTransition({ threshold: 1, haltReward: -5 });
  const inputs = { penalty: hostFloat32(Float32Array.of(Number.NaN, 1, 1.5, Number.POSITIVE_INFINITY), 4, 1) };
  const { reward, termination } = await compute(engine, inputs, ({ penalty }) => {
    const column = tf.zeros([4, 1]);
    return reshapeTransition({
      observation: column,
      action: column,
      nextObservation: column,
      reward: column,
      termination: column,
      penalty: penalty!,
    });
  });
  expect([...termination!]).toEqual([1, 0, 1, 1]);
  expect([...reward!]).toEqual([-5, 0, -5, -5]);
});

it("refuses a threshold from penalties of the data that are no numbers, which nothing would lie beyond", async () => {
  const context = {
    dataset: inMemoryDataset(lineWorld(40, 1)),
    engine,
    random: Random.fromSeed(3),
    run: memoryRun(),
    fitted: () => ({ tensors: {}, facts: {} }),
  };
  const parts = { dynamics: lineMember(0), penalty: logarithm, optimiser: createPpo(ppoOptions.parse({})) };
  const fitting = fitMorel(context, parts, morelOptions.parse({ cloningUpdates: 0 }));
  await expect(fitting).rejects.toThrow(NumericalError);
  await expect(fitting).rejects.toThrow(/penalty: u of the logged pair \d+ is NaN[\s\S]*remedy: fit the model anew/);
});
