import { Algorithm, defineComponent } from "@lowerbound/core";
import { z } from "zod";
import { fitNormaliser } from "../replay/normalise.js";
import { hostPolicy } from "../training/host-policy.js";
import { offlineShape, trainOffline } from "../training/offline.js";
import { initialiseTd3Bc, td3BcPolicy, td3BcPrograms } from "./td3-bc-update.js";

const positive = z.number().positive();

/** Options of TD3+BC; defaults are the published ones. */
export const td3BcOptions = z.object({
  hiddenSizes: z
    .array(z.number().int().positive())
    .min(1)
    .default([256, 256])
    .describe("units of each hidden layer of actor and critics"),
  actorLearningRate: positive.default(3e-4).describe("Adam's step size for the actor"),
  criticLearningRate: positive.default(3e-4).describe("Adam's step size for the critics"),
  discount: z.number().min(0).lt(1).default(0.99).describe("discount of a step"),
  tau: z.number().gt(0).max(1).default(0.005).describe("share by which target networks follow"),
  policyNoise: z
    .number()
    .nonnegative()
    .default(0.2)
    .describe("standard deviation of the target action's noise, in half-widths of the action box"),
  noiseClip: positive.default(0.5).describe("largest such noise, in the same unit"),
  policyDelay: z.number().int().positive().default(2).describe("updates of the critics for each of the actor"),
  alpha: positive
    .default(2.5)
    .describe("weight of the value, in units of its mean size, beside imitation, in half-widths of the box, squared"),
  maximumAction: positive.default(1).describe("half-width of the action box; actions lie within plus and minus this"),
  ...offlineShape,
});

export type Td3BcOptions = z.output<typeof td3BcOptions>;

/** Algorithm `td3-bc`. */
export const td3Bc = defineComponent({
  kind: Algorithm,
  type: "td3-bc",
  summary: "TD3 whose actor also imitates the data: the minimalist baseline, without model",
  documentation:
    "Twin critics with smoothed target actions; every policyDelay updates the actor maximises alpha Q / mean |Q| less " +
    "the squared distance to the data's actions; observations standardised. Source: TD3+BC (Fujimoto and Gu 2021); " +
    "the defaults are published for all MuJoCo data.",
  config: td3BcOptions,
  create: (options) => ({
    mayGrow: ["updates"],
    train: (context) =>
      trainOffline(
        context,
        {
          policy: td3BcPolicy(options),
          initialise: (random, { observation, action, observations }) =>
            initialiseTd3Bc(random, { observation, action }, options, fitNormaliser(observations, observation)),
          programs: (dimensions, batch) => td3BcPrograms(dimensions, options, batch),
        },
        options,
      ),
    policy: async (trained) => hostPolicy(td3BcPolicy(options), trained),
  }),
});
