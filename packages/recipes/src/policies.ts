import { type Matrix, type Policy, Random } from "@lowerbound/core";
import { type Layer, network } from "./network.js";

/** Plain data from which a thread makes the policy. */
export interface GaussianPolicyData {
  readonly layers: readonly Layer[];
}

const MIN_LOG_STD = -20;
const MAX_LOG_STD = 2;

/**
 * SAC's squashed Gaussian: action = tanh(mean + std noise), the network's output mean and log std, the latter clipped.
 *
 * Source: Haarnoja et al. 2018, appendix C.
 */
export function gaussianPolicy({ layers }: GaussianPolicyData): Policy<Random> {
  const size = layers.at(-1)!.outputs / 2;
  const forward = network(layers);
  return perRow(size, (observation, random, deterministic) => {
    const output = forward(observation);
    const noise = random.normal(new Float32Array(size));
    return Float32Array.from({ length: size }, (_, i) => {
      const logStd = Math.min(MAX_LOG_STD, Math.max(MIN_LOG_STD, output[size + i]!));
      return Math.tanh(output[i]! + (deterministic ? 0 : Math.exp(logStd) * noise[i]!));
    });
  });
}

/** Actions drawn uniformly from [-1, 1): how SAC fills its buffer before it learns. */
export const uniformPolicy = ({ action }: { readonly action: number }): Policy<Random> =>
  perRow(action, (_, random) => random.uniform(new Float32Array(action)).map((value) => 2 * value - 1));

function perRow(
  action: number,
  choose: (observation: Float32Array, random: Random, deterministic: boolean) => Float32Array,
): Policy<Random> {
  return {
    capabilities: { stochastic: true, logProbability: false },
    init: async (_, seed) => Random.fromSeed(seed),
    act: async ({ rows, columns, data }, state, { deterministic }) => {
      const actions: Matrix = { rows, columns: action, data: new Float32Array(rows * action) };
      for (let row = 0; row < rows; row++) {
        const observation = data.subarray(row * columns, (row + 1) * columns);
        actions.data.set(choose(observation, state, deterministic), row * action);
      }
      return { actions, state };
    },
    close: async () => undefined,
  };
}
