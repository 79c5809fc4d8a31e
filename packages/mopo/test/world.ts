// The line world in a learnt model of one member, and what MOPO is made of on it.
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
import { endless, lineMember, lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { mopoOptions } from "../src/options.js";
import type { PenalisedParts } from "../src/parts.js";

export const engine = createAutoEngine({ threads: 1, provider: "cpu" });

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
  dynamics: lineMember(shift),
  penalty,
  termination: endless,
  optimiser,
  hooks: {} satisfies DynaParts["hooks"],
});

/** The pipeline's part in making the algorithm. */
export const makingWith = (shift: number, penalty = effort()): CreateContext => ({
  inject: <T>(kind: Kind<string, T>): T => {
    const made = new Map<symbol, unknown>([
      [DynamicsModel.token, lineMember(shift)],
      [Termination.token, endless],
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
  realRatio: 0.25,
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
