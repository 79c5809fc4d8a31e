// A learnt model that is exact and free: the line world itself, as a dynamics model.
import {
  type DynamicsModel,
  type Evaluator,
  type Fitted,
  Random,
  type RunHandle,
  type TrainContext,
} from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { createSac, type DynaParts, dynaShape, sacOptions } from "../src/index.js";

export const engine = createAutoEngine({ threads: 1, provider: "cpu" });

/** x' = x + 0.5 a + 0.01 noise, reward 1 - x'^2. */
export const lineDynamics: DynamicsModel = {
  capabilities: { members: false, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({}),
  stepNoise: (_, batch) => ({ sample: { distribution: "normal", shape: [batch, 1] } }),
  initialCarry: () => ({}),
  step: ({ observation, action, noise }) => {
    const x = tf.slice(observation, [0, 0], [-1, 1]);
    const next = tf.add(tf.add(x, tf.mul(0.5, action)), tf.mul(0.01, noise.sample!));
    return {
      nextObservation: tf.concat([next, tf.mul(0.5, next)], -1),
      reward: tf.sub(1, tf.square(next)),
      carry: {},
    };
  },
};

export const parts: DynaParts = {
  dynamics: lineDynamics,
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
