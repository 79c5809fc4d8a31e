import { type Dimensions, float32, type Params, type PolicyFunction, type Specs } from "@lowerbound/core";
import {
  flatSpec,
  gaussianLogProbability,
  type Layout,
  layersOf,
  layoutOf,
  mlp,
  type NetworkShape,
  networkSpecs,
  relu,
  splitHeads,
  unflatten,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { CloningOptions } from "./options.js";

type ActingOptions = Pick<CloningOptions, "policy" | "hiddenSizes" | "maximumAction">;
type Shape = Pick<CloningOptions, "policy" | "hiddenSizes">;

const outputsOf = ({ action }: Dimensions, { policy }: Shape): number => (policy === "gaussian" ? 2 * action : action);

/** [observation, hidden..., action], or with a log standard deviation beside each mean. */
export const cloningShape = (dimensions: Dimensions, options: Shape): NetworkShape => ({
  sizes: [dimensions.observation, ...options.hiddenSizes, outputsOf(dimensions, options)],
});

export const cloningLayout = (dimensions: Dimensions, options: Shape): Layout =>
  layoutOf(networkSpecs(cloningShape(dimensions, options)));

/** What acting reads: the flat network, and the data's mean and spread of observations. */
export const cloningSpecs = (dimensions: Dimensions, options: Shape): Specs => ({
  network: flatSpec(cloningLayout(dimensions, options)),
  observationMean: float32(dimensions.observation),
  observationStd: float32(dimensions.observation),
});

export interface CloningHeads {
  /** maximum tanh(output) [batch, action] */
  readonly mean: Tensor;
  /** [batch, action]; absent from a deterministic policy. */
  readonly logStd: Tensor | undefined;
}

/** observation [batch, observation] -> the policy's heads. */
export function cloningForward(
  observation: Tensor,
  network: Params,
  scale: Params,
  { policy, maximumAction }: ActingOptions,
): CloningHeads {
  const inputs = tf.div(tf.sub(observation, scale.observationMean!), scale.observationStd!);
  const output = mlp(inputs, layersOf(network), relu);
  const heads = policy === "gaussian" ? splitHeads(output) : { mean: output, logStd: undefined };
  return { mean: tf.mul(maximumAction, tf.tanh(heads.mean)), logStd: heads.logStd };
}

/** The cloned policy: its mean, or a sample clipped to the action box. */
export function cloningPolicy(options: ActingOptions): PolicyFunction {
  const gaussian = options.policy === "gaussian";
  return {
    state: (dimensions) => cloningSpecs(dimensions, options),
    maximumAction: options.maximumAction,
    noise: ({ action }, batch) => (gaussian ? { action: { distribution: "normal", shape: [batch, action] } } : {}),
    act: (observation, params, noise) => {
      const layout = layoutFor(observation.shape[1]!, params.network!.size, options);
      const { mean, logStd } = cloningForward(observation, unflatten(params.network!, layout), params, options);
      if (logStd === undefined || noise?.action === undefined) return mean;
      const sample = tf.add(mean, tf.mul(tf.exp(logStd), noise.action));
      return tf.clipByValue(sample, -options.maximumAction, options.maximumAction);
    },
    ...(gaussian ? { logProbability: (...given) => cloningLogProbability(...given, options) } : {}),
  };
}

/** Log-density before clipping to the box, [batch, 1]: the mass that clipping puts on its edges is spread beyond them. */
function cloningLogProbability(observation: Tensor, action: Tensor, params: Params, options: ActingOptions): Tensor {
  const layout = layoutFor(observation.shape[1]!, params.network!.size, options);
  const { mean, logStd } = cloningForward(observation, unflatten(params.network!, layout), params, options);
  return gaussianLogProbability(action, mean, logStd ?? tf.zerosLike(mean));
}

/** The network's layout from what acting sees: length of the observation and of the flat vector. */
export function layoutFor(observation: number, size: number, options: Shape): Layout {
  const without = cloningLayout({ observation, action: 0 }, options).size;
  const outputs = (size - without) / ((options.hiddenSizes.at(-1) ?? observation) + 1);
  return cloningLayout({ observation, action: options.policy === "gaussian" ? outputs / 2 : outputs }, options);
}
