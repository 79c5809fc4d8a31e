// A whole pipeline that learns nothing, as a user's plug-in: its files import by name and are TypeScript.
import {
  Algorithm,
  CapabilityError,
  Dataset,
  defineComponent,
  Engine,
  Evaluator,
  hostFloat32,
  type Policy,
  slot,
  UncertaintyPenalty,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";

export const dataset = defineComponent({
  kind: Dataset,
  type: "tiny",
  summary: "no episodes",
  config: z.object({}),
  create: () => ({
    info: async () => ({
      name: "tiny",
      layout: "none",
      observation: 1,
      action: 1,
      episodes: 3,
      steps: 30,
      returns: { mean: 1, std: 0.5, min: 0, max: 2 },
      fingerprint: "f",
    }),
    episodes: async function* () {},
    transitions: () => Promise.reject(new CapabilityError("no transitions")),
    close: async () => {},
  }),
});

export const engine = defineComponent({
  kind: Engine,
  type: "tiny",
  summary: "runs nothing",
  config: z.object({}),
  create: () => ({
    name: "tiny",
    describe: () => ({}),
    compile: () => Promise.reject(new CapabilityError("runs nothing")),
    dispose: async () => {},
  }),
});

const penalties = [
  defineComponent({
    kind: UncertaintyPenalty,
    type: "tiny-constant",
    summary: "the same everywhere",
    config: z.object({ value: z.number().positive().default(1).describe("what it is everywhere") }),
    create: ({ value }) => ({ penalise: ({ action }) => tf.fill([action.shape[0] ?? 0], value) }),
  }),
  defineComponent({
    kind: UncertaintyPenalty,
    type: "tiny-sum",
    summary: "sum of penalties",
    config: z.object({ penalties: z.array(slot(UncertaintyPenalty)).min(1), weights: z.array(z.number()).optional() }),
    create: (config) => ({
      penalise: (inputs, params) => tf.addN(config.penalties.map((each) => each.penalise(inputs, params))),
    }),
  }),
];
export default penalties;

const policy: Policy<number> = {
  capabilities: { stochastic: false, logProbability: false },
  init: async (batch) => batch,
  act: async ({ rows }, state) => ({ actions: { rows, columns: 1, data: new Float32Array(rows) }, state }),
  close: async () => {},
};

export const algorithm = defineComponent({
  kind: Algorithm,
  type: "tiny",
  summary: "counts",
  documentation: "Adds one for each update.",
  config: z.object({
    updates: z.int().positive().default(20).describe("how far to count"),
    fails: z.enum(["no", "bug"]).default("no"),
    reads: z.boolean().default(false).describe("whether to read the data"),
    weights: z.int().positive().default(1).describe("numbers in the result"),
  }),
  create: ({ updates, fails, reads, weights }) => ({
    train: async ({ run, dataset: data }) => {
      if (fails === "bug") throw new TypeError("x is not a function");
      if (reads) await data.transitions();
      const tensors = { count: hostFloat32(new Float32Array(weights).fill(updates), weights) };
      run.log(updates, { count: updates });
      await run.checkpoint({ step: updates, tensors, data: {} });
      return { tensors, facts: { updates } };
    },
    policy: async ({ tensors }) => ({ ...policy, init: async () => tensors.count!.data[0]! }),
  }),
});

export const evaluator = defineComponent({
  kind: Evaluator,
  type: "tiny",
  summary: "asks the policy for its state",
  config: z.object({ episodes: z.int().positive().default(2) }),
  create: ({ episodes }) => ({
    every: 0,
    evaluate: async (policy, seed) => {
      const mean = Number(await policy.init(1, seed));
      const returns = Array.from({ length: episodes }, () => mean);
      return { environmentId: "Tiny-v0", returns, lengths: returns, mean, std: 0, environmentSteps: episodes };
    },
    close: async () => {},
  }),
});
