import { createUntypedPipeline, DensityModel, defineComponent, UncertaintyPenalty } from "@lowerbound/core";
import { createEagerEngine } from "@lowerbound/runtime";
import { standardComponents } from "@lowerbound/standard";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { fitted, logOf, paramsOf, seenAt } from "./world.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** log p = -|a|, whatever the observation. */
const laplace = defineComponent({
  kind: DensityModel,
  type: "laplace",
  summary: "log-density that falls with the action's size",
  config: z.object({}),
  create: () => ({
    conditional: true,
    fit: async () => ({ tensors: {}, facts: {} }),
    parameters: () => ({}),
    logProbability: ({ action }) => tf.neg(tf.sum(tf.abs(action), -1)),
  }),
});

it.each([
  // Logged log-densities are -4, -3, -2, -1: half of them are at most -3, a quarter at most -4.
  [0.5, [0, 0, 2]],
  [0.25, [0, 0, 1]],
  [1, [0, 2, 4]],
])("density: what a pair falls short of the logged pairs' quantile %f", async (quantile, wanted) => {
  const penalty = createUntypedPipeline([...standardComponents, laplace], {
    penalty: { type: "density", density: { type: "laplace" }, quantile },
  }).get(UncertaintyPenalty);
  const actions = Float32Array.of(1, -2, 3, -4);
  const zeros = new Float32Array(4);
  const dataset = logOf({ observation: 1, action: 1, observations: zeros, actions, nextObservations: zeros }, 2);
  const tensors = await fitted(penalty, { dataset, engine: createEagerEngine("cpu", async () => "cpu") });
  const u = penalty.penalise(seenAt(tf.zeros([3, 1]), tf.tensor2d([[0.5], [-3], [5]])), paramsOf(tensors));
  expect([...u.dataSync()]).toEqual(wanted);
});
