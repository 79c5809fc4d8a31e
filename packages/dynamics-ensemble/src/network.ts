import { type Dimensions, float32, type HostTensors, type Params, type Random, type Specs } from "@lowerbound/core";
import {
  initialiseNetwork,
  layersOf,
  mlp,
  type NetworkShape,
  networkSpecs,
  swish,
  truncatedNormalFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

export interface EnsembleShape {
  readonly members: number;
  readonly hiddenSizes: readonly number[];
}

/** Length of the network's input (observation, action) and of what it predicts (observation's change, reward). */
export const sizesOf = ({ observation, action }: Dimensions): { input: number; output: number } => ({
  input: observation + action,
  output: observation + 1,
});

const networkShape = (dimensions: Dimensions, { members, hiddenSizes }: EnsembleShape): NetworkShape => {
  const { input, output } = sizesOf(dimensions);
  return { sizes: [input, ...hiddenSizes, 2 * output], members };
};

/** Specs of the trained tensors: the layers, and the log-variance bounds [observation + 1], shared by all members. */
export function trainedSpecs(dimensions: Dimensions, shape: EnsembleShape): Specs {
  const { output } = sizesOf(dimensions);
  return {
    ...networkSpecs(networkShape(dimensions, shape)),
    maxLogVar: float32(output),
    minLogVar: float32(output),
  };
}

/** Fresh trained tensors: truncated normal weights, zero biases, bounds 0.5 and -10. */
export function initialiseEnsemble(random: Random, dimensions: Dimensions, shape: EnsembleShape): HostTensors {
  const { output } = sizesOf(dimensions);
  const filled = (value: number) => ({ ...float32(output), data: new Float32Array(output).fill(value) });
  const zeroBias = (_: Random, biasShape: readonly number[]) => {
    const spec = float32(...biasShape);
    return { ...spec, data: new Float32Array(biasShape.reduce((a, b) => a * b, 1)) };
  };
  return {
    ...initialiseNetwork(random, networkShape(dimensions, shape), { weight: truncatedNormalFanIn, bias: zeroBias }),
    maxLogVar: filled(0.5),
    minLogVar: filled(-10),
  };
}

export interface EnsembleOutput {
  /** Mean of the observation's change and of the reward: [members, batch, observation + 1]. */
  readonly mean: Tensor;
  /** [members, batch, observation + 1] */
  readonly logVar: Tensor;
}

/**
 * Members' Gaussians for standardised inputs, the same rows for all [1, batch, input] or each its own
 * [members, batch, input].
 *
 * The log-variance lies softly between two learnt vectors: hi - softplus(hi - raw), then lo + softplus(that - lo).
 * Source: PETS (Chua et al. 2018), appendix A.1.
 */
export function ensembleForward(inputs: Tensor, params: Params): EnsembleOutput {
  const out = mlp(inputs, layersOf(params), swish);
  const [mean, raw] = tf.split(out, 2, -1);
  const { maxLogVar, minLogVar } = params;
  const below = tf.sub(maxLogVar!, tf.softplus(tf.sub(maxLogVar!, raw!)));
  return { mean: mean!, logVar: tf.add(minLogVar!, tf.softplus(tf.sub(below, minLogVar!))) };
}

/** (x - mean) / std for rows of observation and action: [batch, input]. */
export const standardise = (x: Tensor, { inputMean, inputStd }: Params): Tensor =>
  tf.div(tf.sub(x, inputMean!), inputStd!);
