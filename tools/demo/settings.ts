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
 * MOPO with what five minutes on two cores ask beside its published settings: an ensemble of fewer epochs and longer
 * steps, smaller networks and rollouts, longer steps of SAC that end at nothing, and half of each batch real.
 *
 * The penalty is how far the members' means lie apart: the published one, their predicted spread, is so large in an
 * ensemble fitted so briefly that standing still pays best.
 */
export const mopoConfig = (path: string, seed: number, updates: number): Config => ({
  ...shared(path, seed),
  dynamics: { type: "ensemble", learningRate: 2e-3, maximumEpochs: 15 },
  penalty: { type: "max-pairwise-difference" },
  optimiser: {
    type: "sac",
    hiddenSizes: [128, 128],
    actorLearningRate: 3e-4,
    criticLearningRate: 6e-4,
    temperatureLearningRate: 3e-4,
    actorSchedule: "cosine",
    targetEntropy: -3,
    tau: 0.01,
  },
  algorithm: { type: "mopo", penaltyCoefficient: 1, rolloutLength: 5, realRatio: 0.5, rolloutBatch: 10_000, updates },
});

export const cloningConfig = (path: string, seed: number, updates: number): Config => ({
  ...shared(path, seed),
  algorithm: { type: "behaviour-cloning", updates },
});
