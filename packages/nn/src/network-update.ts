import {
  type HostTensor,
  type HostTensors,
  type Params,
  type Random,
  type Specs,
  type TensorProgram,
  zeros,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { adamUpdate, clockSpec, tick } from "./adam.js";
import { differentiate } from "./gradients.js";
import { uniformFanIn } from "./initialise.js";
import { flatSpec, flatten, flattenHost, type Layout, layoutOf, unflatten } from "./layout.js";
import { initialiseNetwork, type NetworkShape, networkSpecs } from "./network.js";

export interface NetworkUpdate {
  readonly name: string;
  readonly shape: NetworkShape;
  readonly learningRate: number;
  readonly inputs: Specs;
  /** Tensors of the state that the loss reads beside the network. */
  readonly fixed?: Specs;
  /** Loss [] of a batch; `tensors` holds inputs and what is fixed. */
  readonly loss: (network: Params, tensors: Params) => Tensor;
}

export const networkLayout = (shape: NetworkShape): Layout => layoutOf(networkSpecs(shape));

/** One Adam step of a network on a batch; state `network` (flat), its moments, `clock` and what is fixed; output `loss` []. */
export function networkUpdate({ name, shape, learningRate, inputs, fixed, loss }: NetworkUpdate): TensorProgram {
  const layout = networkLayout(shape);
  const flat = flatSpec(layout);
  return {
    name,
    state: { ...fixed, network: flat, "m/network": flat, "v/network": flat, clock: clockSpec },
    inputs,
    noise: {},
    fn: (tensors) => {
      const { loss: value, gradients } = differentiate(unflatten(tensors.network!, layout), (network) => ({
        loss: loss(network, tensors),
        extras: {},
      }));
      const clock = tick(tensors.clock!);
      const next = adamUpdate(tensors, { network: flatten(gradients, layout) }, clock, { learningRate });
      return { ...next, clock, loss: value };
    },
  };
}

/** A fresh network as one vector, as PyTorch initialises linear layers. */
export const freshNetwork = (random: Random, shape: NetworkShape): HostTensor =>
  flattenHost(initialiseNetwork(random, shape, { weight: uniformFanIn, bias: uniformFanIn }), networkLayout(shape));

/** Fresh state of {@link networkUpdate}, but for what is fixed. */
export function freshUpdateState(random: Random, shape: NetworkShape): HostTensors {
  const flat = flatSpec(networkLayout(shape));
  return {
    network: freshNetwork(random, shape),
    "m/network": zeros(flat),
    "v/network": zeros(flat),
    clock: zeros(clockSpec),
  };
}
