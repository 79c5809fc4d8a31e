import { type Matrix, type Policy, Random } from "@lowerbound/core";

/** tanh of a fixed linear map, plus noise where stochastic; made in this thread or a worker. */
export function linearPolicy({ weights, actions }: { weights: Float32Array; actions: number }): Policy<Random> {
  return {
    capabilities: { stochastic: true, logProbability: false },
    init: async (_, seed) => Random.fromSeed(seed),
    act: async (observations, random, { deterministic }) => {
      const data = act(observations, weights, actions);
      if (!deterministic)
        random.normal(new Float32Array(data.length)).forEach((noise, i) => {
          data[i]! += 0.1 * noise;
        });
      return { actions: { rows: observations.rows, columns: actions, data }, state: random };
    },
    close: async () => {},
  };
}

function act({ rows, columns, data }: Matrix, weights: Float32Array, actions: number): Float32Array {
  return Float32Array.from({ length: rows * actions }, (_, i) => {
    const row = Math.floor(i / actions) * columns;
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += weights[(i % actions) * columns + j]! * data[row + j]!;
    return Math.tanh(sum);
  });
}
