// A learnt model that is exact and free, and what COMBO is made of on it.
import { createSac, type DynaParts, sacOptions } from "@lowerbound/actor-critic";
import {
  type CreateContext,
  DynamicsModel,
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
import { lineDynamics, lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { comboOptions } from "../src/options.js";

export const engine = createAutoEngine({ threads: 1, provider: "cpu" });

const termination: Termination = {
  terminated: ({ nextObservation }) => tf.any(tf.greater(tf.abs(nextObservation), 9), 1),
};
const optimiser = createSac(
  sacOptions.parse({ hiddenSizes: [16, 16], actorLearningRate: 3e-3, criticLearningRate: 3e-3, discount: 0.9 }),
);

export const partsWith = (hooks: DynaParts["hooks"], shift = 0): DynaParts => ({
  dynamics: lineDynamics(shift),
  penalty: undefined,
  termination,
  optimiser,
  hooks,
});

/** u = |a|. */
const effort: UncertaintyPenalty = {
  unit: "action",
  seesMembers: false,
  penalise: ({ action }) => tf.norm(action, 1, -1),
};

/** The pipeline's part in making the algorithm. */
export const making: CreateContext = {
  inject: <T>(kind: Kind<string, T>): T => {
    const made = new Map<symbol, unknown>([
      [DynamicsModel.token, lineDynamics()],
      [Termination.token, termination],
      [Optimiser.token, optimiser],
      [UncertaintyPenalty.token, effort],
    ]);
    return made.get(kind.token) as T;
  },
  optional: () => undefined,
};

/** The same with another part of a kind. */
export const makingWith = <P>(other: Kind<string, P>, part: P): CreateContext => ({
  ...making,
  inject: <T>(kind: Kind<string, T>): T => (kind.token === other.token ? (part as unknown as T) : making.inject(kind)),
});

export const options = comboOptions.parse({
  updates: 40,
  batchSize: 32,
  rolloutLength: 3,
  rolloutBatch: 40,
  rolloutFrequency: 20,
  rolloutRows: 16,
  actionSamples: 3,
  logEvery: 10,
  checkpointEvery: 15,
  modelReturnHorizon: 10,
  modelReturnStarts: 4,
  betaUpdates: 20,
  betaCandidates: [0, 2],
});

export function contextOf(run: RunHandle): TrainContext {
  const fitted = (): Fitted => ({ tensors: {}, facts: {} });
  const dataset = inMemoryDataset(lineWorld(400, 1));
  return { dataset, engine, random: Random.fromSeed(3), run, fitted, evaluator: undefined };
}
