import { float32, type HostTensor, type HostTensors, type Params, type Random, type Specs } from "@lowerbound/core";
import { layerShapes } from "./initialise.js";
import type { Layer } from "./layers.js";

/** Sizes [in, hidden..., out] of a network; with `members` as many networks side by side. */
export interface NetworkShape {
  readonly sizes: readonly number[];
  readonly members?: number;
}

export type LayerInitialiser = (random: Random, shape: readonly number[], fanIn: number) => HostTensor;

/** Specs of a network's tensors: `weight0`, `bias0`, `weight1`, ... */
export function networkSpecs({ sizes, members }: NetworkShape): Specs {
  const entries = layerShapes(sizes, members).flatMap(({ weight, bias }, index) => [
    [`weight${index}`, float32(...weight)] as const,
    [`bias${index}`, float32(...bias)] as const,
  ]);
  return Object.fromEntries(entries);
}

/** Fresh tensors of a network. */
export function initialiseNetwork(
  random: Random,
  { sizes, members }: NetworkShape,
  initialise: { readonly weight: LayerInitialiser; readonly bias: LayerInitialiser },
): HostTensors {
  const entries = layerShapes(sizes, members).flatMap(({ input, weight, bias }, index) => [
    [`weight${index}`, initialise.weight(random, weight, input)] as const,
    [`bias${index}`, initialise.bias(random, bias, input)] as const,
  ]);
  return Object.fromEntries(entries);
}

/** The layers of a network's tensors, in order. */
export function layersOf(params: Params): readonly Layer[] {
  const layers: Layer[] = [];
  for (let index = 0; params[`weight${index}`] !== undefined; index++) {
    layers.push({ weight: params[`weight${index}`]!, bias: params[`bias${index}`]! });
  }
  return layers;
}
