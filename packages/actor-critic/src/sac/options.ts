import { z } from "zod";

const positive = z.number().positive();

/** Options of SAC; defaults are MOPO's published ones. */
export const sacOptions = z.object({
  hiddenSizes: z
    .array(z.number().int().positive())
    .min(1)
    .default([256, 256])
    .describe("units of each hidden layer of actor and critics"),
  actorLearningRate: positive.default(1e-4).describe("Adam's step size for the actor"),
  criticLearningRate: positive.default(3e-4).describe("Adam's step size for the critics"),
  temperatureLearningRate: positive.default(1e-4).describe("Adam's step size for the entropy temperature"),
  actorSchedule: z
    .enum(["constant", "cosine"])
    .default("constant")
    .describe("how the actor's step size goes: nowhere, or to 0 by a half cosine over all updates"),
  adamBetas: z
    .tuple([z.number().gte(0).lt(1), z.number().gte(0).lt(1)])
    .default([0.9, 0.999])
    .describe("Adam's decay of the first and of the second moment"),
  adamEpsilon: positive.default(1e-8).describe("what Adam adds to the root of the second moment"),
  temperature: z
    .union([z.literal("auto"), positive])
    .default("auto")
    .describe("entropy temperature alpha: learnt, or a fixed number"),
  temperatureMaximum: positive
    .optional()
    .describe("clamp the learnt temperature to at most this; public code has 1, the paper has none"),
  targetEntropy: z
    .number()
    .optional()
    .describe("entropy that the temperature aims at; |A| (log maximumAction - 1) if left out"),
  discount: z.number().min(0).lt(1).default(0.99).describe("discount of a step"),
  tau: z.number().gt(0).max(1).default(0.005).describe("share by which target critics follow"),
  standardiseObservations: z
    .boolean()
    .default(false)
    .describe("show the networks observations less the data's mean, over its spread; published code does not"),
  maximumAction: positive.default(1).describe("half-width of the action box; actions lie within plus and minus this"),
  logDerivative: z
    .enum(["stable", "epsilon"])
    .default("stable")
    .describe("log-derivative of tanh: exact, or public code's log(1 - tanh^2 + 1e-6)"),
});

export type SacOptions = z.output<typeof sacOptions>;
