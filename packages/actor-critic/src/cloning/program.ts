import {
  type Dimensions,
  float32,
  type HostTensors,
  hostFloat32,
  type Params,
  type Random,
  type TensorProgram,
} from "@lowerbound/core";
import { freshUpdateState, gaussianLogProbability, networkUpdate } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Normaliser } from "../replay/normalise.js";
import type { CloningOptions } from "./options.js";
import { cloningForward, cloningShape, cloningSpecs } from "./policy.js";

/** Squared error of the mean action, or minus the log-likelihood of the data's actions: [] averaged over the batch. */
function cloningLoss(network: Params, tensors: Params, options: CloningOptions): Tensor {
  const { mean, logStd } = cloningForward(tensors.observation!, network, tensors, options);
  if (logStd === undefined) return tf.mean(tf.squaredDifference(mean, tensors.action!));
  return tf.neg(tf.mean(gaussianLogProbability(tensors.action!, mean, logStd)));
}

/** One supervised update: observation [batch, observation], action [batch, action] -> `loss` []. */
export function cloningProgram(dimensions: Dimensions, options: CloningOptions, batch: number): TensorProgram {
  const { network, ...fixed } = cloningSpecs(dimensions, options);
  return networkUpdate({
    name: "behaviour-cloning-update",
    shape: cloningShape(dimensions, options),
    learningRate: options.learningRate,
    inputs: { observation: float32(batch, dimensions.observation), action: float32(batch, dimensions.action) },
    fixed,
    loss: (parameters, tensors) => cloningLoss(parameters, tensors, options),
  });
}

/** A fresh network beside the data's mean and spread of observations. */
export const initialiseCloning = (
  random: Random,
  dimensions: Dimensions,
  options: CloningOptions,
  { mean, std }: Normaliser,
): HostTensors => ({
  ...freshUpdateState(random, cloningShape(dimensions, options)),
  observationMean: hostFloat32(mean, mean.length),
  observationStd: hostFloat32(std, std.length),
});
