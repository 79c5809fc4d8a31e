import { z } from "zod";
import { behaviourOptions } from "./behaviour-density.js";
import { fqeOptions } from "./fqe-options.js";

/** Ways to estimate a policy's return from logged data. */
export const offPolicyMethods = [
  "fqe",
  "model",
  "is",
  "wis",
  "per-decision-is",
  "per-decision-wis",
  "doubly-robust",
  "weighted-doubly-robust",
] as const;

export type OffPolicyMethod = (typeof offPolicyMethods)[number];

/** Options of off-policy evaluation. */
export const offPolicyOptions = z.object({
  discount: z.number().gte(0).lt(1).default(0.99).describe("discount of the estimated return"),
  horizon: z
    .int()
    .positive()
    .default(1000)
    .describe("steps after which the model-based method cuts an imagined episode"),
  deterministic: z
    .boolean()
    .default(true)
    .describe("whether fqe and model evaluate the policy's mode; methods that weigh data evaluate its samples"),
  repetitions: z.int().positive().default(200).describe("resamples of the episodes behind an interval"),
  confidence: z.number().gt(0).lt(1).default(0.95).describe("share of the resamples inside an interval"),
  starts: z.int().positive().default(256).describe("logged first observations from which the model is rolled out"),
  valueSamples: z.int().positive().default(4).describe("actions drawn for a state's value in doubly robust estimates"),
  fqe: fqeOptions.prefault({}).describe("fitted Q evaluation"),
  behaviour: behaviourOptions.prefault({}).describe("clone of the policy that logged the data"),
});

export type OffPolicyOptions = z.output<typeof offPolicyOptions>;
