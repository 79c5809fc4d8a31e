import { Algorithm, type DatasetInfo, defineComponent } from "@lowerbound/core";
import { z } from "zod";
import { growthOf } from "../training/growth.js";
import { hostPolicy } from "../training/host-policy.js";
import { offlineShape, trainOffline } from "../training/offline.js";
import { initialiseIql, iqlPolicy } from "./iql-networks.js";
import { iqlProgram } from "./iql-update.js";

const positive = z.number().positive();

/** Options of implicit Q-learning; defaults are the published ones for MuJoCo data. */
export const iqlOptions = z.object({
  hiddenSizes: z
    .array(z.number().int().positive())
    .min(1)
    .default([256, 256])
    .describe("units of each hidden layer of actor, critics and value"),
  actorLearningRate: positive.default(3e-4).describe("Adam's step size for the actor"),
  criticLearningRate: positive.default(3e-4).describe("Adam's step size for critics and value"),
  actorSchedule: z
    .enum(["cosine", "constant"])
    .default("cosine")
    .describe("how the actor's step size goes: to 0 by a half cosine over all updates, or nowhere"),
  discount: z.number().min(0).lt(1).default(0.99).describe("discount of a step"),
  tau: z.number().gt(0).max(1).default(0.005).describe("share by which target critics follow"),
  expectile: z.number().gt(0).lt(1).default(0.7).describe("expectile of Q that the value learns; 0.5 is the mean"),
  inverseTemperature: positive.default(3).describe("beta: how strongly the actor prefers actions of larger advantage"),
  maximumWeight: positive.default(100).describe("largest weight exp(beta advantage) of an action"),
  rewardScale: z
    .union([z.literal("return-range"), positive])
    .default("return-range")
    .describe("factor of rewards; `return-range` is 1000 over the spread between the data's best and worst return"),
  maximumAction: positive.default(1).describe("half-width of the action box; actions lie within plus and minus this"),
  ...offlineShape,
});

export type IqlOptions = z.output<typeof iqlOptions>;

/** 1000 / (best - worst return), or 1 where all returns are the same. */
function scaleOf({ rewardScale }: IqlOptions, { returns }: DatasetInfo): number {
  if (rewardScale !== "return-range") return rewardScale;
  return returns.max > returns.min ? 1000 / (returns.max - returns.min) : 1;
}

/** Algorithm `iql`. */
export const iql = defineComponent({
  kind: Algorithm,
  type: "iql",
  summary: "implicit Q-learning: values of the data's better actions, cloned by advantage; no model",
  documentation:
    "An expectile of Q over the data's actions stands for the maximum, so no action outside of the data is valued; the " +
    "actor clones with weights exp(beta advantage). Source: IQL (Kostrikov et al. 2022), order and settings of its " +
    "public code: value, actor, critics, targets.",
  config: iqlOptions,
  create: (options) => ({
    ...growthOf({ scheduled: options.actorSchedule !== "constant" }),
    train: (context) =>
      trainOffline(
        context,
        {
          policy: iqlPolicy(options),
          initialise: (random, { observation, action }, info) =>
            initialiseIql(random, { observation, action }, options, scaleOf(options, info)),
          programs: (dimensions, batch) => [iqlProgram(dimensions, options, batch)],
        },
        options,
      ),
    policy: async (trained) => hostPolicy(iqlPolicy(options), trained),
  }),
});
