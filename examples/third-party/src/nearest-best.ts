import { Algorithm, DataError, defineComponent } from "@lowerbound/core";
import { z } from "zod";

/** An algorithm: do what the log's best-paid steps did in the state most like the present one. */
export const nearestBest = defineComponent({
  kind: Algorithm,
  type: "nearest-best",
  summary: "the logged action of the nearest observation among the best-paid steps",
  config: z.object({ share: z.number().gt(0).max(1).default(0.2).describe("of the steps that are kept") }),
  create: ({ share }) => ({
    train: async ({ dataset }) => {
      const { observations, actions, rewards, observation, action, count } = await dataset.transitions();
      const order = [...rewards.keys()].sort((a, b) => rewards[b]! - rewards[a]!);
      const kept = order.slice(0, Math.ceil(share * count));
      const rows = (data: Float32Array, width: number) =>
        Float32Array.from(kept.flatMap((row) => [...data.subarray(row * width, (row + 1) * width)]));
      const matrix = (data: Float32Array, width: number) =>
        ({ shape: [kept.length, width], dtype: "float32", data: rows(data, width) }) as const;
      const tensors = { observations: matrix(observations, observation), actions: matrix(actions, action) };
      return { tensors, facts: { steps: kept.length } };
    },
    policy: async ({ dimensions: { observation, action }, tensors }) => {
      const [seen, done] = [tensors.observations?.data, tensors.actions?.data];
      if (seen === undefined || done === undefined) throw new DataError("there is no step to imitate");
      const distance = (at: ArrayLike<number>, row: number): number =>
        Array.from(at).reduce((sum, value, i) => sum + (value - seen[row * observation + i]!) ** 2, 0);
      const nearest = (at: ArrayLike<number>): number =>
        [...Array(seen.length / observation).keys()].reduce((best, row) =>
          distance(at, row) < distance(at, best) ? row : best,
        );
      return {
        capabilities: { stochastic: false, logProbability: false },
        init: async () => undefined,
        act: async ({ rows, data }) => {
          const chosen = Array.from({ length: rows }, (_, row) =>
            nearest(data.subarray(row * observation, (row + 1) * observation)),
          );
          const actions = chosen.flatMap((row) => [...done.subarray(row * action, (row + 1) * action)].map(Number));
          return { actions: { rows, columns: action, data: Float32Array.from(actions) }, state: undefined };
        },
        close: async () => {},
      };
    },
  }),
});
