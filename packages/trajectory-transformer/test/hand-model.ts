// A model of trajectories whose next token depends on the last one alone, by logits that a test writes down.
import { type HostTensors, hostFloat32, sizeOf } from "@lowerbound/core";
import { type Architecture, type FittedModel, fitDiscretiser, parameterSpecs, vocabularyOf } from "../src/index.js";

/** Logit of the token `next` after the token `last` in place `place` of a transition. */
export type Logit = (place: number, last: number, next: number) => number;

const sizes = { observation: 1, action: 1 };
const bins = 5;

/** Observation, action, reward and value of 5 bins from -1 to 1 each: middles -0.8, -0.4, 0, 0.4, 0.8. */
export function handModel(logit: Logit, transitions = 6, terminates = false): FittedModel {
  const transition = 4;
  const architecture: Architecture = {
    layers: 1,
    heads: 1,
    embedding: bins * transition,
    transition,
    bins,
    terminates,
    positions: transitions * transition - 1,
  };
  const corners = Float64Array.of(-1, -1, -1, -1, 1, 1, 1, 1);
  const discretiser = fitDiscretiser(corners, transition, { bins, strategy: "uniform" });
  return { architecture, sizes, discretiser, weights: weightsOf(architecture, logit), goals: false };
}

/** Embeddings have a one in a row of their own, which the last norm gives back; attention and layers add nothing. */
function weightsOf(architecture: Architecture, logit: Logit): HostTensors {
  const { embedding: width, transition } = architecture;
  const vocabulary = vocabularyOf(architecture);
  const [mean, std] = [1 / width, Math.sqrt((1 / width) * (1 - 1 / width) + 1e-5)];
  const heads = Float32Array.from({ length: transition * vocabulary * width }, (_, i) => {
    const [place, next, row] = [Math.floor(i / (vocabulary * width)), Math.floor(i / width) % vocabulary, i % width];
    return Math.floor(row / bins) === place ? logit(place, row % bins, next) : 0;
  });
  const known: Record<string, Float32Array> = {
    tokens: Float32Array.from({ length: width * width + (architecture.terminates ? width : 0) }, (_, i) =>
      Math.floor(i / width) === i % width ? 1 : 0,
    ),
    "norm/scale": new Float32Array(width).fill(std),
    "norm/offset": new Float32Array(width).fill(mean),
    heads,
  };
  const specs = Object.entries(parameterSpecs(architecture));
  return Object.fromEntries(
    specs.map(([name, { shape }]) => [name, hostFloat32(known[name] ?? new Float32Array(sizeOf(shape)), ...shape)]),
  );
}
