import { actionBox, defineComponent, hostFloat32, PlanningModelSource } from "@lowerbound/core";
import { z } from "zod";
import { type LoggedSteps, likeLogged } from "./logged-steps.js";

/** A planning model: an action does what it did in the most similar logged step, and what is unlike the log costs. */
export const nearestStep = defineComponent({
  kind: PlanningModelSource,
  type: "nearest-step",
  summary: "reward and change of the nearest logged step; the distance to it is the penalty",
  config: z.object({
    penaltyCoefficient: z.number().nonnegative().default(1).describe("what a unit of distance costs"),
  }),
  create: ({ penaltyCoefficient: lambda }): PlanningModelSource => ({
    prepare: async ({ dataset }) => {
      const { count, observations, actions, rewards, nextObservations } = await dataset.transitions();
      const rows = (data: Float32Array) => hostFloat32(data, count, data.length / count);
      const [before, after] = [rows(observations), rows(nextObservations)];
      return { tensors: { before, after, actions: rows(actions), rewards: rows(rewards) }, facts: { steps: count } };
    },
    open: async ({ dimensions: { observation, action }, tensors }) => ({
      ...actionBox(action, 1),
      observationSize: observation,
      contextLength: 0,
      offers: { sequences: ["penalty", "none"], proposals: ["penalty", "none"] },
      refusesGradient: "which step is the nearest changes all at once",
      scoring: { discount: 1, logProbabilityCoefficient: 0 },
      proposals: ({ pessimism }) => likeLogged(tensors as LoggedSteps, { pessimism, lambda }),
      close: async () => {},
    }),
  }),
});
