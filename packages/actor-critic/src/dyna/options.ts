import { z } from "zod";

const count = z.number().int().positive();

/** Options of the Dyna-style trainer, shared by every algorithm that uses it; defaults are MOPO's published ones. */
export const dynaShape = {
  updates: count.default(3_000_000).describe("updates of the optimiser"),
  batchSize: count.default(256).describe("transitions an update sees"),
  realRatio: z.number().min(0).max(1).default(0.05).describe("share of a batch that comes from the dataset"),
  rolloutLength: count.default(5).describe("steps of an imagined rollout"),
  rolloutBatch: count.default(50_000).describe("start states of a rollout, drawn from the dataset"),
  rolloutFrequency: count.default(1000).describe("updates between rollouts"),
  retainedRollouts: count.default(5).describe("full-length rollouts that the model's buffer has room for"),
  rolloutRows: count.default(1000).describe("rows that go through the model at once; more do not fit the cache"),
  logEvery: count.default(1000).describe("updates between rows of figures"),
  checkpointEvery: count.default(5000).describe("updates between checkpoints"),
  modelReturnHorizon: count.default(1000).describe("steps of the rollouts that measure the return in the model"),
  modelReturnStarts: count.default(100).describe("episode starts from which the return in the model is measured"),
} as const;

const dynaOptions = z.object(dynaShape);

export type DynaOptions = z.output<typeof dynaOptions>;
