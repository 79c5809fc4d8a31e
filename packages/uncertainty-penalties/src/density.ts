import {
  DensityModel,
  defineComponent,
  type FitContext,
  type Fitted,
  hostFloat32,
  scoped,
  slot,
  UncertaintyPenalty,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { overTransitions } from "./over-transitions.js";
import { quantile } from "./quantile.js";

const config = z.object({
  density: slot(DensityModel, { type: "mixture-density" }).describe("the density of logged pairs"),
  quantile: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("pairs at least as likely as this share of the logged ones are not penalised"),
});

async function fit(model: DensityModel, share: number, context: FitContext): Promise<Fitted> {
  const { tensors, facts } = await model.fit(context);
  const { u } = await overTransitions(context, await context.dataset.transitions(), {
    name: "density",
    state: scoped("density", tensors),
    noise: () => ({}),
    fn: (given) => ({
      u: model.logProbability({ observation: given.observation!, action: given.action! }, unscoped("density", given)),
    }),
  });
  const reference = quantile(u!, share);
  return {
    tensors: { ...scoped("density", tensors), reference: hostFloat32(Float32Array.of(reference), 1) },
    facts: { density: facts, reference },
  };
}

/** Penalty `density`: max(0, reference - log p(s, a)). */
export const densityPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "density",
  summary: "how much less likely a pair is than the logged ones, by any density model",
  documentation:
    "u(s, a) = max(0, reference - log p(s, a)), in nats; the reference, a quantile of log p over the data, keeps u from " +
    "being negative. A conditional density, p(a | s), judges the action and says nothing of an observation far from the data.",
  config,
  create: ({ density, quantile: share }) => ({
    unit: "nats",
    seesReward: false,
    seesMembers: false,
    fit: (context) => fit(density, share, context),
    penalise: ({ observation, action }, params) =>
      tf.relu(tf.sub(params.reference!, density.logProbability({ observation, action }, unscoped("density", params)))),
  }),
});
