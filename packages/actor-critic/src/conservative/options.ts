import { z } from "zod";

const positive = z.number().positive();

/** Options of the conservative term, shared by `cql` and `combo`; defaults are the published ones. */
export const conservativeShape = {
  actionSamples: z
    .number()
    .int()
    .positive()
    .default(10)
    .describe("actions of each kind (policy's, policy's at the next state, uniform) at a state"),
  softmaxTemperature: positive.default(1).describe("temperature of the log-sum-exp"),
  layout: z
    .enum(["all", "three"])
    .default("all")
    .describe("what a log-sum-exp runs over: all samples of a state, or, as in public code, one of each kind"),
  uniformDensity: z
    .enum(["box", "unit"])
    .default("box")
    .describe("density of uniform actions: of the action box, or public code's, of the box from -1 to 1"),
  backup: z
    .enum(["plain", "soft", "maximum"])
    .default("plain")
    .describe(
      "next value in the Bellman target: Q of a sampled action, the same less the entropy term, or the largest Q of " +
        "actionSamples actions",
    ),
  lagrangeThreshold: z
    .number()
    .optional()
    .describe("learn a multiplier that holds the conservative term at this; none if left out, 5 or 10 where published"),
  multiplierLearningRate: positive.default(3e-4).describe("Adam's step size for the logarithm of the multiplier"),
} as const;

const conservativeOptions = z.object(conservativeShape);

export type ConservativeOptions = z.output<typeof conservativeOptions>;
