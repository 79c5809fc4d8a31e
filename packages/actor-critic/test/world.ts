// What trains on the line world: a model that is exact and free, SAC, and short runs.
import { type Evaluator, type Fitted, Random, type RunHandle, type TrainContext } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineDynamics, lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { createSac, type DynaParts, dynaShape, sacOptions } from "../src/index.js";

export const engine = createAutoEngine({ threads: 1, provider: "cpu" });

export const parts: DynaParts = {
  dynamics: lineDynamics(),
  penalty: undefined,
  // The point's world ends where |x| > 3.
  termination: { terminated: ({ nextObservation }) => tf.any(tf.greater(tf.abs(nextObservation), 3), 1) },
  optimiser: createSac(
    sacOptions.parse({ hiddenSizes: [16, 16], actorLearningRate: 3e-3, criticLearningRate: 3e-3, discount: 0.9 }),
  ),
  hooks: {},
};

export const options = z.object(dynaShape).parse({
  updates: 60,
  batchSize: 32,
  realRatio: 0.25,
  rolloutLength: 3,
  rolloutBatch: 40,
  rolloutFrequency: 20,
  retainedRollouts: 2,
  rolloutRows: 16,
  logEvery: 15,
  checkpointEvery: 25,
  modelReturnHorizon: 10,
  modelReturnStarts: 4,
});

export function contextOf(run: RunHandle, evaluator?: Evaluator): TrainContext {
  const fitted = (): Fitted => ({ tensors: {}, facts: {} });
  const dataset = inMemoryDataset(lineWorld(400, 1));
  return { dataset, engine, random: Random.fromSeed(3), run, fitted, evaluator };
}
