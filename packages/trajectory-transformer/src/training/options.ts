import { z } from "zod";
import { strategies } from "../discretise/fit.js";

const count = z.int().positive();
const positive = z.number().positive();
const weight = z.number().nonnegative();
const beta = z.number().gte(0).lt(1);

/** What models of trajectories have in common; rates are the published Transformer's, updates and batch are not. */
const tokenShape = {
  transitions: z.int().min(2).default(10).describe("transitions of a training window, and of the longest context"),
  step: count
    .default(1)
    .describe(
      "every how many steps of an episode a transition of a window is taken; whatever plans or steps in it needs 1",
    ),
  bins: z.int().min(2).default(100).describe("bins of each dimension"),
  strategy: z
    .enum(strategies)
    .default("quantile")
    .describe("where bins end: equally many values in each, evenly spaced, or at interpolated percentiles"),
  updates: count.default(10_000).describe("steps of AdamW"),
  batchSize: count.default(32).describe("windows of a mini-batch; published: 256"),
  accumulate: count
    .default(1)
    .describe("mini-batches whose gradients one step is the mean of: a larger batch in the memory of a small one"),
  heldOut: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("share of the episodes that no part learns from, to measure the loss on; none if left out"),
  learningRate: positive.default(6e-4).describe("greatest step size of AdamW"),
  warmupShare: z
    .number()
    .min(0)
    .lt(1)
    .default(0.05)
    .describe("share of the tokens of all updates over which the step size rises; then it falls by a half cosine"),
  weightDecay: weight.default(0.1).describe("AdamW's decay of linear layers and heads"),
  adamBetas: z.tuple([beta, beta]).default([0.9, 0.95]).describe("decay of the first and of the second moment"),
  adamEpsilon: positive.default(1e-8).describe("what is added to the root of the second moment"),
  gradientClip: positive.default(1).describe("greatest global norm of the gradients"),
  dropout: z.number().min(0).lt(1).default(0.1).describe("probability that a number is dropped"),
  actionWeight: weight.default(5).describe("what an action's token weighs in the loss, an observation's weighing 1"),
  rewardWeight: weight.default(1).describe("what a reward's token weighs"),
  valueWeight: weight.default(1).describe("what a return-to-go's token weighs"),
  discount: z.number().gt(0).max(1).default(0.99).describe("of rewards in the return-to-go"),
  terminationPenalty: z
    .number()
    .optional()
    .describe("takes the place of the reward of a step into a terminal state; published: -100"),
  goal: z
    .enum(["window", "episode"])
    .optional()
    .describe(
      "what stands before each window, as a goal that plans are given later: the last observation of the window or of " +
        "its episode; nothing if left out",
    ),
  logEvery: count.default(100).describe("updates between logged figures"),
  checkpointEvery: count.default(1000).describe("updates between checkpoints"),
};

/** Options of the Trajectory Transformer; sizes are the published ones. */
export const transformerOptions = z
  .object({
    layers: count.default(4).describe("blocks of the network"),
    heads: count.default(4).describe("heads of each block's attention"),
    embedding: count.default(128).describe("width of the network, a multiple of `heads`"),
    ...tokenShape,
  })
  .refine(({ embedding, heads }) => embedding % heads === 0, {
    path: ["embedding"],
    error: "has to be a multiple of `heads`",
  });

export type TransformerOptions = z.output<typeof transformerOptions>;

/** Options of the LSTM over tokens. */
export const lstmOptions = z.object({
  layers: count.default(2).describe("layers of the network"),
  embedding: count.default(128).describe("width of embeddings and of each layer"),
  ...tokenShape,
  learningRate: positive
    .default(5e-3)
    .describe("greatest step size of AdamW; the Transformer's 6e-4 leaves it far behind"),
});

export type LstmOptions = z.output<typeof lstmOptions>;

/** What training on tokens asks of options, whatever the network. */
export type TokenOptions = Omit<LstmOptions, "layers" | "embedding">;
