import { float32, type HostTensors, hostFloat32, type Random, type Specs, sizeOf } from "@lowerbound/core";
import { type Layout, layoutOf, uniformFanIn } from "@lowerbound/nn";
import { type Architecture, tableRows, vocabularyOf } from "./architecture.js";

const BLOCK_NORMS = ["attentionNorm", "forwardNorm"];

/**
 * [in, out] of a block's linear layers, weight [in, out] and bias [1, out] each; `attention` makes query, key and value, one
 * after another.
 */
const layerSizes = (width: number): Readonly<Record<string, readonly [number, number]>> => ({
  attention: [width, 3 * width],
  projection: [width, width],
  up: [width, 4 * width],
  down: [4 * width, width],
});

/**
 * Names and shapes of the parameters that weight decay shrinks: linear layers, and the heads [transition, vocabulary,
 * embedding], one for each place in a transition.
 */
export function decayedSpecs(architecture: Architecture): Specs {
  const { layers, embedding, transition } = architecture;
  const specs: Record<string, Specs[string]> = {};
  for (let block = 0; block < layers; block++) {
    for (const [name, size] of Object.entries(layerSizes(embedding))) {
      specs[`blocks/${block}/${name}/weight`] = float32(...size);
    }
  }
  return { ...specs, heads: float32(transition, vocabularyOf(architecture), embedding) };
}

/** The others: embeddings of tokens (row token + bins * place, the end of episodes last) and positions, biases, norms. */
export function undecayedSpecs({ layers, embedding, positions, ...tokens }: Architecture): Specs {
  const specs: Record<string, Specs[string]> = {
    tokens: float32(tableRows(tokens), embedding),
    positions: float32(positions, embedding),
  };
  for (let block = 0; block < layers; block++) {
    for (const name of BLOCK_NORMS) Object.assign(specs, normSpecs(`blocks/${block}/${name}`, embedding));
    for (const [name, [, out]] of Object.entries(layerSizes(embedding))) {
      specs[`blocks/${block}/${name}/bias`] = float32(1, out);
    }
  }
  return { ...specs, ...normSpecs("norm", embedding) };
}

const normSpecs = (path: string, width: number): Specs => ({
  [`${path}/scale`]: float32(width),
  [`${path}/offset`]: float32(width),
});

/** All parameters, each apart. */
export const parameterSpecs = (architecture: Architecture): Specs => ({
  ...decayedSpecs(architecture),
  ...undecayedSpecs(architecture),
});

/** Parameters in training: two flat vectors, so that the optimiser is a handful of operators on each. */
export interface Layouts {
  readonly decayed: Layout;
  readonly undecayed: Layout;
}

export const gptLayouts = (architecture: Architecture): Layouts => ({
  decayed: layoutOf(decayedSpecs(architecture)),
  undecayed: layoutOf(undecayedSpecs(architecture)),
});

const STD = 0.02;

/**
 * Fresh parameters: linear layers and token embeddings normal of standard deviation 0.02, heads as PyTorch initialises
 * linear layers, norms the identity, all else 0.
 *
 * Source: Trajectory Transformer (Janner et al. 2021), whose code does the same.
 */
export function initialiseGpt(random: Random, architecture: Architecture): HostTensors {
  const entries = Object.entries(parameterSpecs(architecture)).map(([name, { shape }]) => {
    if (name === "heads") return [name, uniformFanIn(random, shape, architecture.embedding)] as const;
    const data = new Float32Array(sizeOf(shape));
    if (name === "tokens" || name.endsWith("/weight")) data.set(random.normal(data).map((z) => STD * z));
    if (name.endsWith("/scale")) data.fill(1);
    return [name, hostFloat32(data, ...shape)] as const;
  });
  return Object.fromEntries(entries);
}
