import {
  defineComponent,
  type FitContext,
  type Fitted,
  float32,
  type Params,
  type PenaltyInputs,
  UncertaintyPenalty,
} from "@lowerbound/core";
import {
  freshNetwork,
  freshUpdateState,
  layersOf,
  mlp,
  type NetworkShape,
  networkLayout,
  networkUpdate,
  relu,
  unflatten,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { standardInputs, standardRows } from "./scaler.js";
import { sampleRows, trainNetwork } from "./train-network.js";

const size = z.number().int().positive();
const config = z.object({
  hiddenSizes: z.array(size).default([256, 256]).describe("widths of the hidden layers of both networks"),
  features: size.default(32).describe("outputs of the networks"),
  updates: size.default(20_000).describe("updates of the predictor"),
  batchSize: size.default(256).describe("logged pairs an update sees"),
  learningRate: z.number().positive().default(3e-4).describe("Adam's step"),
});

export type RandomNetworkOptions = z.output<typeof config>;

const shapeOf = (
  dim: number,
  { hiddenSizes, features }: Pick<RandomNetworkOptions, "hiddenSizes" | "features">,
): NetworkShape => ({
  sizes: [dim, ...hiddenSizes, features],
});

const forward = (rows: Tensor, flat: Tensor, shape: NetworkShape): Tensor =>
  mlp(rows, layersOf(unflatten(flat, networkLayout(shape))), relu);

/**
 * Root of the mean squared error over features of a predictor of a frozen random network at (s, a) -> [batch].
 *
 * Params: `network`, `frozen` (flat), and the scaler's. Source: Burda et al. 2019, "Exploration by random network
 * distillation"; as a penalty: Rezaeifar et al. 2022, of pairs and not of observations alone.
 */
export function randomNetworkDistillation(
  { observation, action }: Pick<PenaltyInputs, "observation" | "action">,
  params: Params,
  options: Pick<RandomNetworkOptions, "hiddenSizes" | "features">,
): Tensor {
  const rows = standardInputs(observation, action, params);
  const shape = shapeOf(rows.shape[1]!, options);
  const error = tf.squaredDifference(forward(rows, params.network!, shape), forward(rows, params.frozen!, shape));
  return tf.sqrt(tf.mean(error, -1));
}

async function fit(options: RandomNetworkOptions, { dataset, engine, random, run }: FitContext): Promise<Fitted> {
  const { rows, dim, scaler } = standardRows(await dataset.transitions());
  const shape = shapeOf(dim, options);
  const frozen = freshNetwork(random.stream("frozen"), shape);
  const { state, loss } = await trainNetwork({
    engine,
    run,
    random: random.stream("updates"),
    title: "random network distillation",
    updates: options.updates,
    program: networkUpdate({
      name: "random-network-distillation",
      shape,
      learningRate: options.learningRate,
      inputs: { rows: float32(options.batchSize, dim) },
      fixed: { frozen: { dtype: frozen.dtype, shape: frozen.shape } },
      loss: (network, { rows: batch, frozen: target }) =>
        tf.mean(tf.squaredDifference(mlp(batch!, layersOf(network), relu), forward(batch!, target!, shape))),
    }),
    initial: () => ({ ...freshUpdateState(random.stream("predictor"), shape), frozen }),
    batch: (stream) => ({ rows: sampleRows(stream, rows, dim, options.batchSize) }),
  });
  return { tensors: { ...scaler, frozen, network: state.network! }, facts: { loss, updates: options.updates } };
}

/** Penalty `random-network-distillation`. */
export const randomNetworkDistillationPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "random-network-distillation",
  summary: "error of a network that learnt, on the data alone, to predict a random one",
  documentation: "u(s, a) = root mean squared error of the predictor. Source: Burda et al. 2019; on pairs (s, a).",
  config,
  create: (options) => ({
    unit: "random features",
    seesReward: false,
    seesMembers: false,
    fit: (context) => fit(options, context),
    penalise: (inputs, params) => randomNetworkDistillation(inputs, params, options),
  }),
});
