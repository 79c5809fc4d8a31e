import {
  DensityModel,
  defineComponent,
  type FitContext,
  type Fitted,
  float32,
  type Params,
  specsOf,
  type Transitions,
} from "@lowerbound/core";
import {
  freshUpdateState,
  gaussianLogProbability,
  layersOf,
  mlp,
  type NetworkShape,
  networkLayout,
  networkUpdate,
  swish,
  unflatten,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { standardRows } from "./scaler.js";
import { sampleRows, trainNetwork } from "./train-network.js";

const size = z.number().int().positive();
const config = z.object({
  components: size.default(5).describe("Gaussians of the mixture"),
  hiddenSizes: z.array(size).default([256, 256]).describe("widths of the hidden layers"),
  updates: size.default(20_000).describe("updates"),
  batchSize: size.default(256).describe("logged pairs an update sees"),
  learningRate: z.number().positive().default(3e-4).describe("Adam's step"),
  minimumLogStd: z.number().default(-4).describe("least log standard deviation, in the actions' own spread"),
});

export type MixtureDensityOptions = z.output<typeof config>;
type Shape = Pick<MixtureDensityOptions, "components" | "hiddenSizes" | "minimumLogStd">;

const MAXIMUM_LOG_STD = 2;

const shapeOf = (observation: number, action: number, { components, hiddenSizes }: Shape): NetworkShape => ({
  sizes: [observation, ...hiddenSizes, components * (1 + 2 * action)],
});

/**
 * log sum_k w_k(s) N(a; m_k(s), s_k(s)) of standardised pairs: observation [batch, observation], action [batch, action]
 * -> [batch], in nats. Source: Bishop 1994, "Mixture density networks".
 */
export function mixtureLogProbability(observation: Tensor, action: Tensor, network: Params, options: Shape): Tensor {
  const [batch, actions] = action.shape as [number, number];
  const { components } = options;
  const outputs = mlp(observation, layersOf(network), swish);
  const sizes = [components, components * actions, components * actions];
  const [logits, means, spreads] = tf.split(outputs, sizes, -1) as [Tensor, Tensor, Tensor];
  const cut = (values: Tensor): Tensor => tf.reshape(values, [batch, components, actions]);
  const logStd = tf.clipByValue(cut(spreads), options.minimumLogStd, MAXIMUM_LOG_STD);
  const each = gaussianLogProbability(tf.expandDims(action, 1), cut(means), logStd);
  const weighted = tf.add(tf.squeeze(each, [2]), tf.logSoftmax(logits, -1));
  const top = tf.max(weighted, -1, true);
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(weighted, top)), -1)), tf.squeeze(top, [1]));
}

/** Log-density of a logged pair's action, in the actions' own unit: the spread's logarithm makes up for standardising. */
function logProbability(observation: Tensor, action: Tensor, params: Params, options: Shape): Tensor {
  const [observations, actions] = [observation.shape[1]!, action.shape[1]!];
  const { inputMean, inputStd } = params;
  const scaled = (values: Tensor, from: number, width: number): Tensor =>
    tf.div(tf.sub(values, tf.slice(inputMean!, [from], [width])), tf.slice(inputStd!, [from], [width]));
  const network = unflatten(params.network!, networkLayout(shapeOf(observations, actions, options)));
  const standardised = mixtureLogProbability(
    scaled(observation, 0, observations),
    scaled(action, observations, actions),
    network,
    options,
  );
  return tf.sub(standardised, tf.sum(tf.log(tf.slice(inputStd!, [observations], [actions]))));
}

async function fit(options: MixtureDensityOptions, { dataset, engine, random, run }: FitContext): Promise<Fitted> {
  const transitions: Transitions = await dataset.transitions();
  const { observation, action } = transitions;
  const { rows, dim, scaler } = standardRows(transitions);
  const shape = shapeOf(observation, action, options);
  const { state, loss } = await trainNetwork({
    engine,
    run,
    random: random.stream("updates"),
    title: "mixture density",
    updates: options.updates,
    program: networkUpdate({
      name: "mixture-density",
      shape,
      learningRate: options.learningRate,
      inputs: { rows: float32(options.batchSize, dim) },
      loss: (network, { rows: batch }) => {
        const [seen, acted] = tf.split(batch!, [observation, action], -1);
        return tf.neg(tf.mean(mixtureLogProbability(seen!, acted!, network, options)));
      },
    }),
    initial: () => freshUpdateState(random.stream("network"), shape),
    batch: (stream) => ({ rows: sampleRows(stream, rows, dim, options.batchSize) }),
  });
  return { tensors: { ...scaler, network: state.network! }, facts: { loss, updates: options.updates } };
}

/** Density model `mixture-density`. */
export const mixtureDensity = defineComponent({
  kind: DensityModel,
  type: "mixture-density",
  summary: "a network that predicts a mixture of Gaussians of the logged action at an observation",
  documentation: "p(a | s) = sum_k w_k(s) N(a; m_k(s), s_k(s)). Source: Bishop 1994, mixture density networks.",
  config,
  create: (options) => ({
    conditional: true,
    fit: (context) => fit(options, context),
    parameters: specsOf,
    logProbability: ({ observation, action }, params) => logProbability(observation, action, params, options),
  }),
});
