import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  Algorithm,
  CapabilityError,
  DynamicsModel,
  defineComponent,
  type Policy,
  slot,
  UncertaintyPenalty,
} from "../src/index.js";

export const meanAleatoric = defineComponent({
  kind: UncertaintyPenalty,
  type: "mean-aleatoric",
  summary: "mean over members of the norm of the predicted standard deviation",
  config: z.object({ floor: z.number().nonnegative().default(0).describe("lower bound on u(s, a)") }),
  create: ({ floor }) => ({
    penalise: ({ logVar }) => tf.maximum(floor, tf.mean(tf.norm(tf.exp(tf.mul(0.5, logVar)), 2, -1), 0)),
  }),
});

export const constant = defineComponent({
  kind: UncertaintyPenalty,
  type: "constant",
  summary: "the same everywhere",
  config: z.object({ value: z.number() }),
  create: ({ value }) => ({ penalise: ({ action }) => tf.fill([action.shape[0] ?? 0], value) }),
});

export const nothing = defineComponent({
  kind: UncertaintyPenalty,
  type: "nothing",
  summary: "zero",
  config: z.object({}),
  create: () => ({ penalise: ({ action }) => tf.zeros([action.shape[0] ?? 0]) }),
});

export const sum = defineComponent({
  kind: UncertaintyPenalty,
  type: "sum",
  summary: "sum of penalties",
  config: z.object({
    penalties: z.array(slot(UncertaintyPenalty)).min(1),
    scale: z.number().default(1),
    last: slot(UncertaintyPenalty, { type: "constant", value: 0 }),
  }),
  create: ({ penalties, scale, last }) => ({
    penalise: (inputs, params) =>
      tf.mul(scale, tf.addN([...penalties, last].map((each) => each.penalise(inputs, params)))),
  }),
});

export const usesPenalty = defineComponent({
  kind: Algorithm,
  type: "uses-penalty",
  summary: "asks for a penalty",
  config: z.object({ penaltyCoefficient: z.number().nonnegative().default(1).describe("weight of u") }),
  requires: ({ penaltyCoefficient }) => (penaltyCoefficient > 0 ? [UncertaintyPenalty] : []),
  create: (_, { optional }) => {
    const penalty = optional(UncertaintyPenalty);
    return {
      train: async () => ({ tensors: {}, facts: { penalised: penalty !== undefined } }),
      policy: (): Promise<Policy> => Promise.reject(new CapabilityError("no policy")),
    };
  },
});

export const cyclicDynamics = defineComponent({
  kind: DynamicsModel,
  type: "cyclic",
  summary: "asks for the algorithm that asks for it",
  config: z.object({}),
  create: (_, { inject }) => {
    inject(Algorithm);
    throw new CapabilityError("unreachable");
  },
});

export const cyclicAlgorithm = defineComponent({
  kind: Algorithm,
  type: "cyclic",
  summary: "asks for the dynamics that ask for it",
  config: z.object({}),
  create: (_, { inject }) => {
    inject(DynamicsModel);
    throw new CapabilityError("unreachable");
  },
});

export const components = [
  meanAleatoric,
  constant,
  nothing,
  sum,
  usesPenalty,
  cyclicAlgorithm,
  cyclicDynamics,
] as const;
