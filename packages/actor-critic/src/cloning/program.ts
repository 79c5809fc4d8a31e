import {
  type Dimensions,
  float32,
  type HostTensors,
  hostFloat32,
  type Params,
  type Random,
  type Specs,
  type TensorProgram,
  zeros,
} from "@lowerbound/core";
import {
  adamUpdate,
  differentiate,
  flatten,
  flattenHost,
  gaussianLogProbability,
  initialiseNetwork,
  tick,
  unflatten,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Normaliser } from "../replay/normalise.js";
import type { CloningOptions } from "./options.js";
import { cloningForward, cloningLayout, cloningShape, cloningSpecs } from "./policy.js";

function stateOf(dimensions: Dimensions, options: CloningOptions): Specs {
  const specs = cloningSpecs(dimensions, options);
  return { ...specs, "m/network": specs.network!, "v/network": specs.network!, clock: float32(2) };
}

/** Squared error of the mean action, or minus the log-likelihood of the data's actions: [] averaged over the batch. */
function cloningLoss(network: Params, tensors: Params, options: CloningOptions): Tensor {
  const { mean, logStd } = cloningForward(tensors.observation!, network, tensors, options);
  if (logStd === undefined) return tf.mean(tf.squaredDifference(mean, tensors.action!));
  return tf.neg(tf.mean(gaussianLogProbability(tensors.action!, mean, logStd)));
}

/** One supervised update: observation [batch, observation], action [batch, action] -> `loss` []. */
export function cloningProgram(dimensions: Dimensions, options: CloningOptions, batch: number): TensorProgram {
  const layout = cloningLayout(dimensions, options);
  return {
    name: "behaviour-cloning-update",
    state: stateOf(dimensions, options),
    inputs: { observation: float32(batch, dimensions.observation), action: float32(batch, dimensions.action) },
    noise: {},
    fn: (tensors) => {
      const { loss, gradients } = differentiate(unflatten(tensors.network!, layout), (network) => ({
        loss: cloningLoss(network, tensors, options),
        extras: {},
      }));
      const clock = tick(tensors.clock!);
      const next = adamUpdate(tensors, { network: flatten(gradients, layout) }, clock, options);
      return { ...next, clock, loss };
    },
  };
}

/** A fresh network beside the data's mean and spread of observations. */
export function initialiseCloning(
  random: Random,
  dimensions: Dimensions,
  options: CloningOptions,
  { mean, std }: Normaliser,
): HostTensors {
  const blank = Object.entries(stateOf(dimensions, options)).map(([name, spec]) => [name, zeros(spec)] as const);
  const initialiser = { weight: uniformFanIn, bias: uniformFanIn };
  const network = initialiseNetwork(random, cloningShape(dimensions, options), initialiser);
  return {
    ...Object.fromEntries(blank),
    network: flattenHost(network, cloningLayout(dimensions, options)),
    observationMean: hostFloat32(mean, mean.length),
    observationStd: hostFloat32(std, std.length),
  };
}
