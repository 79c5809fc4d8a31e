import { float32, type HostTensors, hostFloat32, type Random, type Specs, sizeOf } from "@lowerbound/core";
import { layoutOf, uniformFanIn } from "@lowerbound/nn";
import { tableRows, vocabularyOf } from "../model/architecture.js";
import type { Layouts } from "../model/parameters.js";
import type { LstmShape } from "./shape.js";

/** Names of a layer's tensors. */
export const layerNames = (layer: number) => ({
  weight: `layers/${layer}/input/weight`,
  bias: `layers/${layer}/input/bias`,
  recurrent: `layers/${layer}/recurrent`,
});

/** Those that weight decay shrinks: gates [width, 4 width] of inputs and of hidden states, and a head for each place. */
function decayedSpecs({ layers, embedding, transition, ...tokens }: LstmShape): Specs {
  const specs: Record<string, Specs[string]> = {};
  for (let layer = 0; layer < layers; layer++) {
    const { weight, recurrent } = layerNames(layer);
    specs[weight] = float32(embedding, 4 * embedding);
    specs[recurrent] = float32(embedding, 4 * embedding);
  }
  return { ...specs, heads: float32(transition, vocabularyOf(tokens), embedding) };
}

/** The others: embeddings of tokens (row token + bins * place, the end of episodes last), and the gates' biases. */
function undecayedSpecs({ layers, embedding, ...tokens }: LstmShape): Specs {
  const specs: Record<string, Specs[string]> = {
    tokens: float32(tableRows(tokens), embedding),
  };
  for (let layer = 0; layer < layers; layer++) specs[layerNames(layer).bias] = float32(1, 4 * embedding);
  return specs;
}

/** All parameters, each apart. */
export const lstmSpecs = (shape: LstmShape): Specs => ({ ...decayedSpecs(shape), ...undecayedSpecs(shape) });

export const lstmLayouts = (shape: LstmShape): Layouts => ({
  decayed: layoutOf(decayedSpecs(shape)),
  undecayed: layoutOf(undecayedSpecs(shape)),
});

/**
 * Fresh parameters: weights uniform within 1 / sqrt(width), token embeddings normal, biases 0 but for the forget gates' of 1.
 *
 * Source: PyTorch's layers; the forget gates by Jozefowicz, Zaremba and Sutskever 2015.
 */
export function initialiseLstm(random: Random, shape: LstmShape): HostTensors {
  const { embedding } = shape;
  const entries = Object.entries(lstmSpecs(shape)).map(([name, spec]) => {
    if (name === "tokens") {
      return [name, hostFloat32(random.normal(new Float32Array(sizeOf(spec.shape))), ...spec.shape)] as const;
    }
    if (!name.endsWith("/bias")) return [name, uniformFanIn(random, spec.shape, embedding)] as const;
    const bias = new Float32Array(4 * embedding).fill(1, embedding, 2 * embedding);
    return [name, hostFloat32(bias, ...spec.shape)] as const;
  });
  return Object.fromEntries(entries);
}
