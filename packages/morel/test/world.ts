// The line world's log, a small ensemble, and penalties beside the paper's.
import { ppo, sac } from "@lowerbound/actor-critic";
import { defineComponent, UncertaintyPenalty } from "@lowerbound/core";
import { ensemble } from "@lowerbound/dynamics-ensemble";
import { neverTermination } from "@lowerbound/environments";
import { directory, none } from "@lowerbound/runs";
import { auto } from "@lowerbound/runtime";
import { lineWorldData } from "@lowerbound/testing";
import { maxPairwiseDifferencePenalty, nearestNeighbourPenalty } from "@lowerbound/uncertainty-penalties";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { morel } from "../src/index.js";

/** Known exactly: how far a pair's observation lies from 0. */
const distance = defineComponent({
  kind: UncertaintyPenalty,
  type: "distance",
  summary: "distance of the observation from 0",
  config: z.object({}),
  create: () => ({ unit: "state", penalise: ({ observation }) => tf.norm(observation, 2, -1) }),
});
const greedy = defineComponent({
  kind: UncertaintyPenalty,
  type: "greedy",
  summary: "asks for a critic",
  config: z.object({}),
  create: () => ({ requests: ["critic"] as const, penalise: ({ observation }) => tf.norm(observation, 2, -1) }),
});
export const components = [
  lineWorldData,
  ensemble,
  maxPairwiseDifferencePenalty,
  nearestNeighbourPenalty,
  distance,
  greedy,
  neverTermination,
  sac,
  ppo,
  morel,
  auto,
  directory,
  none,
] as const;

export const hidden: number[] = [16];

export const base = {
  dataset: { type: "line-world" },
  dynamics: {
    type: "ensemble",
    members: 3,
    elites: 2,
    hiddenSizes: hidden,
    weightDecays: [0, 0] as number[],
    learningRate: 0.01,
    maximumEpochs: 8,
  },
  termination: { type: "never" },
  engine: { type: "auto", threads: 1 },
  run: { type: "directory" },
  logger: { type: "none" },
} as const;

export const algorithm = {
  type: "morel",
  updates: 20,
  batchSize: 16,
  realRatio: 0.25,
  rolloutBatch: 30,
  rolloutRows: 64,
  rolloutFrequency: 10,
  modelReturnHorizon: 3,
  cloningUpdates: 300,
} as const;
