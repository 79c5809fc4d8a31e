// The line world as a model of one member that is exact but for `shift`, and what MOPO is made of on it.
import { createSac, type DynaParts, sacOptions } from "@lowerbound/actor-critic";
import {
  type CreateContext,
  DynamicsModel,
  type FitContext,
  type Fitted,
  type Kind,
  Optimiser,
  Random,
  type RunHandle,
  Termination,
  type TrainContext,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { mopoOptions } from "../src/options.js";
import type { PenalisedParts } from "../src/parts.js";

export const engine = createAutoEngine({ threads: 1, provider: "cpu" });

export const line = (shift: number): DynamicsModel => ({
  capabilities: { members: true, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({}),
  stepNoise: () => ({}),
  initialCarry: () => ({}),
  step: ({ observation, action }) => {
    const next = tf.add(tf.add(tf.slice(observation, [0, 0], [-1, 1]), shift), tf.mul(0.5, action));
    const [nextObservation, reward] = [tf.concat([next, tf.mul(0.5, next)], -1), tf.sub(1, tf.square(next))];
    const meanObservation = tf.expandDims(nextObservation, 0);
    const logVar = tf.fill([1, observation.shape[0]!, 3], -20);
    const prediction = { meanObservation, meanReward: tf.expandDims(reward, 0), logVar };
    return { nextObservation, reward, carry: {}, prediction, elites: tf.tensor1d([0], "int32") };
  },
});

export const never: Termination = {
  terminated: ({ observation }) => tf.greater(tf.mean(tf.mul(observation, 0), 1), 1),
};

/** u = `size` |a|. */
export const effort = (size = 1): UncertaintyPenalty => ({
  unit: "action",
  penalise: ({ action }) => tf.mul(size, tf.norm(action, 1, -1)),
});

export const DISCOUNT = 0.9;
const optimiser = createSac(
  sacOptions.parse({ hiddenSizes: [16], actorLearningRate: 3e-3, criticLearningRate: 3e-3, discount: DISCOUNT }),
);

export const partsWith = (shift: number, penalty = effort()): PenalisedParts => ({
  dynamics: line(shift),
  penalty,
  termination: never,
  optimiser,
  hooks: {} satisfies DynaParts["hooks"],
});

/** The pipeline's part in making the algorithm. */
export const makingWith = (shift: number, penalty = effort()): CreateContext => ({
  inject: <T>(kind: Kind<string, T>): T => {
    const made = new Map<symbol, unknown>([
      [DynamicsModel.token, line(shift)],
      [Termination.token, never],
      [Optimiser.token, optimiser],
      [UncertaintyPenalty.token, penalty],
    ]);
    return made.get(kind.token) as T;
  },
  optional: () => undefined,
});

export const options = mopoOptions.parse({
  penaltyCoefficient: "auto",
  penaltyCandidates: [0.1, 1, 3],
  candidateUpdates: 20,
  valueUpdates: 60,
  updates: 40,
  batchSize: 16,
  rolloutLength: 3,
  rolloutBatch: 40,
  rolloutFrequency: 20,
  rolloutRows: 16,
  logEvery: 10,
  checkpointEvery: 15,
  modelReturnHorizon: 10,
  modelReturnStarts: 4,
});

export const data = () => inMemoryDataset(lineWorld(400, 1));

export function contextOf(run: RunHandle, calibration: Fitted["facts"] = {}): TrainContext {
  const fitted = (): Fitted => ({ tensors: {}, facts: calibration });
  return { dataset: data(), engine, random: Random.fromSeed(3), run, fitted, evaluator: undefined };
}

/** A fit phase with `episodes` held-out episodes of 20 steps. */
export const fittingOf = (run: RunHandle, episodes = 10): FitContext => ({
  dataset: data(),
  heldOut: inMemoryDataset(lineWorld(20 * episodes, 2)),
  engine,
  random: Random.fromSeed(3),
  run,
  fitted: () => ({ tensors: {}, facts: {} }),
});
