import { z } from "zod";

/** Options of fitted Q evaluation. */
export const fqeOptions = z.object({
  hiddenSizes: z.array(z.int().positive()).min(1).default([256, 256]).describe("units of each hidden layer"),
  critics: z
    .int()
    .positive()
    .default(1)
    .describe("networks; targets take the least of them, which lowers the estimate, and the estimate is their mean"),
  updates: z.int().positive().default(10_000).describe("updates"),
  batchSize: z.int().positive().default(256).describe("transitions of an update"),
  learningRate: z.number().positive().default(3e-4).describe("Adam's step size"),
  targetInterval: z
    .int()
    .positive()
    .default(20)
    .describe("updates between two copies of the critics to the targets; each copy looks one step further ahead"),
  firstCopy: z
    .enum(["interval", "immediately"])
    .default("interval")
    .describe("when targets are first copied: after an interval, or after the first update as d3rlpy does"),
});

export type FqeOptions = z.output<typeof fqeOptions>;
