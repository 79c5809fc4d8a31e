import { z } from "zod";
import { offlineShape } from "../training/offline.js";

const count = z.number().int().positive();
const positive = z.number().positive();

/** Options of behaviour cloning. */
export const cloningOptions = z.object({
  policy: z
    .enum(["deterministic", "gaussian"])
    .default("deterministic")
    .describe("what is cloned: the mean action by squared error, or a Gaussian by likelihood"),
  hiddenSizes: z.array(count).min(1).default([256, 256]).describe("units of each hidden layer"),
  learningRate: positive.default(1e-3).describe("Adam's step size"),
  batchSize: offlineShape.batchSize,
  updates: offlineShape.updates.default(20_000).describe("updates of the policy"),
  maximumAction: positive.default(1).describe("half-width of the action box; actions lie within plus and minus this"),
  logEvery: offlineShape.logEvery,
  checkpointEvery: offlineShape.checkpointEvery,
});

export type CloningOptions = z.output<typeof cloningOptions>;
