import {
  float32,
  type HostTensors,
  type Params,
  type Random,
  type Specs,
  type TensorProgram,
  zeros,
} from "@lowerbound/core";
import {
  adamUpdate,
  clockSpec,
  differentiate,
  flatSpec,
  flatten,
  flattenHost,
  initialiseNetwork,
  type Layout,
  layoutOf,
  type NetworkShape,
  networkSpecs,
  tick,
  unflatten,
  uniformFanIn,
} from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";

export interface NetworkUpdate {
  readonly name: string;
  readonly shape: NetworkShape;
  readonly learningRate: number;
  readonly batch: number;
  /** Width of a row. */
  readonly dim: number;
  /** Tensors that the loss reads beside the network. */
  readonly fixed: Specs;
  /** Loss [] of rows [batch, dim]. */
  readonly loss: (network: Params, rows: Tensor, fixed: Params) => Tensor;
}

export const networkLayout = (shape: NetworkShape): Layout => layoutOf(networkSpecs(shape));

/** One Adam step of a network on rows [batch, dim]; state `network`, its moments, `clock` and what is fixed. */
export function networkProgram({ name, shape, learningRate, batch, dim, fixed, loss }: NetworkUpdate): TensorProgram {
  const layout = networkLayout(shape);
  const flat = flatSpec(layout);
  return {
    name,
    state: { ...fixed, network: flat, "m/network": flat, "v/network": flat, clock: clockSpec },
    inputs: { rows: float32(batch, dim) },
    noise: {},
    fn: (tensors) => {
      const { loss: value, gradients } = differentiate(unflatten(tensors.network!, layout), (network) => ({
        loss: loss(network, tensors.rows!, tensors),
        extras: {},
      }));
      const clock = tick(tensors.clock!);
      const next = adamUpdate(tensors, { network: flatten(gradients, layout) }, clock, { learningRate });
      return { ...next, clock, loss: value };
    },
  };
}

/** A fresh network as one vector. */
export const freshNetwork = (random: Random, shape: NetworkShape) =>
  flattenHost(initialiseNetwork(random, shape, { weight: uniformFanIn, bias: uniformFanIn }), networkLayout(shape));

/** Fresh state of {@link networkProgram}, but for what is fixed. */
export function freshState(random: Random, shape: NetworkShape): HostTensors {
  const flat = flatSpec(networkLayout(shape));
  return {
    network: freshNetwork(random, shape),
    "m/network": zeros(flat),
    "v/network": zeros(flat),
    clock: zeros(clockSpec),
  };
}
