import type { ConfigOf } from "@lowerbound/core";
import type { standardComponents } from "@lowerbound/standard";

type Config = ConfigOf<typeof standardComponents>;

/** What both runs of the demo share: the data, and how their policies are measured. */
const shared = (path: string, seed: number): Config => ({
  seed,
  dataset: { type: "d4rl-hdf5", path },
  evaluation: { type: "simulator", environment: { type: "hopper" }, episodes: 10 },
});

/**
 * MOPO with published settings but for what five minutes on two cores ask: fewer epochs, smaller rollouts, and
 * networks that see standardised observations and take longer steps.
 */
export const mopoConfig = (path: string, seed: number, updates: number): Config => ({
  ...shared(path, seed),
  dynamics: { type: "ensemble", maximumEpochs: 15 },
  penalty: { type: "max-aleatoric" },
  optimiser: {
    type: "sac",
    standardiseObservations: true,
    actorLearningRate: 3e-4,
    criticLearningRate: 1e-3,
    temperatureLearningRate: 3e-4,
    tau: 0.01,
  },
  algorithm: { type: "mopo", penaltyCoefficient: 2.5, rolloutLength: 5, rolloutBatch: 10_000, updates },
});

export const cloningConfig = (path: string, seed: number, updates: number): Config => ({
  ...shared(path, seed),
  algorithm: { type: "behaviour-cloning", updates },
});
