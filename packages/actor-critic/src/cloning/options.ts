import { z } from "zod";

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
  batchSize: count.default(256).describe("transitions an update sees"),
  updates: count.default(20_000).describe("updates of the policy"),
  maximumAction: positive.default(1).describe("half-width of the action box; actions lie within plus and minus this"),
  logEvery: count.default(1000).describe("updates between rows of figures"),
  checkpointEvery: count.default(5000).describe("updates between checkpoints"),
});

export type CloningOptions = z.output<typeof cloningOptions>;
