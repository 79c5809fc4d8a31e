// A model of trajectories whose weights are far from their initial ones, so that every token counts.
import { type HostTensors, Random } from "@lowerbound/core";
import {
  type Architecture,
  type FittedModel,
  fitDiscretiser,
  type LstmShape,
  type NetworkShape,
  networkOf,
} from "../src/index.js";

export interface RandomModel {
  readonly observation?: number;
  readonly action?: number;
  readonly transitions?: number;
  readonly terminates?: boolean;
  readonly goals?: boolean;
}

/** 6 bins of equal width a dimension, from -1 to 1. */
export function randomModel({
  observation = 2,
  action = 1,
  transitions = 4,
  goals = false,
  terminates = goals,
}: RandomModel = {}): FittedModel {
  const transition = observation + action + 2;
  const sizes = { layers: 2, heads: 2, embedding: 8, bins: 6 };
  const positions = (transitions + (goals ? 1 : 0)) * transition - 1;
  const architecture: Architecture = { ...sizes, transition, terminates, positions };
  const corners = Float64Array.from({ length: 2 * transition }, (_, i) => (i < transition ? -1 : 1));
  const discretiser = fitDiscretiser(corners, transition, { bins: sizes.bins, strategy: "uniform" });
  return { architecture, sizes: { observation, action }, discretiser, weights: weightsOf(architecture), goals };
}

/** The same of an LSTM. */
export function randomLstm(options: RandomModel): FittedModel {
  const { heads, ...shape } = randomModel(options).architecture as Architecture;
  const architecture: LstmShape = { network: "lstm", ...shape };
  return { ...randomModel(options), architecture, weights: weightsOf(architecture) };
}

function weightsOf(architecture: NetworkShape): HostTensors {
  const random = Random.fromSeed(5);
  const fresh = Object.entries(networkOf(architecture).initialise(random.stream("weights")));
  return Object.fromEntries(
    fresh.map(([name, tensor]) => {
      const noise = random.stream(name).normal(new Float32Array(tensor.data.length));
      return [name, { ...tensor, data: noise.map((z, i) => 0.3 * z + tensor.data[i]!) }];
    }),
  );
}
