import { z } from "zod";

const positive = z.number().positive();

/** Options of PPO. */
export const ppoOptions = z.object({
  hiddenSizes: z
    .array(z.number().int().positive())
    .min(1)
    .default([256, 256])
    .describe("units of each hidden layer of policy and value network"),
  actorLearningRate: positive.default(3e-4).describe("Adam's step size for the policy"),
  valueLearningRate: positive.default(1e-3).describe("Adam's step size for the value network"),
  clip: positive.default(0.2).describe("how far the ratio of new to old probability counts beyond 1, both ways"),
  discount: z.number().min(0).lt(1).default(0.99).describe("discount of a step"),
  traceDecay: z.number().min(0).max(1).default(0.95).describe("lambda of generalised advantage estimation"),
  entropyBonus: z.number().nonnegative().default(0).describe("weight of the Gaussian's entropy in the objective"),
  initialLogStd: z
    .number()
    .min(-5)
    .max(2)
    .default(-0.5)
    .describe("log standard deviation of the fresh policy, before squashing; the same at every observation"),
  maximumGradientNorm: positive.default(0.5).describe("policy and value gradients are shortened to this norm, each"),
  standardiseObservations: z
    .boolean()
    .default(true)
    .describe("show the networks observations less the data's mean, over its spread"),
  maximumAction: positive.default(1).describe("half-width of the action box; actions lie within plus and minus this"),
});

export type PpoOptions = z.output<typeof ppoOptions>;
