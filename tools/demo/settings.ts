import type { ConfigOf } from "@lowerbound/core";
import type { standardComponents } from "@lowerbound/standard";

type Config = ConfigOf<typeof standardComponents>;

/** What both runs of the demo share: the data, and how their policies are measured. */
const shared = (path: string, seed: number): Config => ({
  seed,
  dataset: { type: "d4rl-hdf5", path },
  evaluation: { type: "simulator", environment: { type: "halfcheetah" }, episodes: 10 },
});

/**
 * MOPO with published settings but for what five minutes on two cores ask: an ensemble of 20 epochs and smaller rollouts,
 * longer steps in both, an actor that comes to rest, and for a model so far from fitted a larger coefficient.
 */
export const mopoConfig = (path: string, seed: number, updates: number): Config => ({
  ...shared(path, seed),
  dynamics: { type: "ensemble", learningRate: 2e-3, maximumEpochs: 20 },
  penalty: { type: "max-aleatoric" },
  optimiser: {
    type: "sac",
    actorLearningRate: 3e-4,
    actorSchedule: "cosine",
    criticLearningRate: 6e-4,
    temperatureLearningRate: 3e-4,
    targetEntropy: -3,
    tau: 0.01,
  },
  algorithm: { type: "mopo", penaltyCoefficient: 2, rolloutLength: 5, rolloutBatch: 10_000, updates },
});

export const cloningConfig = (path: string, seed: number, updates: number): Config => ({
  ...shared(path, seed),
  algorithm: { type: "behaviour-cloning", updates },
});
