import { expect, test } from "vitest";
import { z } from "zod";
import { createPipeline, Dataset, DensityModel, defineComponent, type Transitions } from "../src/index.js";

/** Four episodes of one step each; the observation is the episode's number. */
const transitions: Transitions = {
  observation: 1,
  action: 1,
  count: 4,
  episodeStarts: Int32Array.of(0, 1, 2, 3, 4),
  observations: Float32Array.of(0, 1, 2, 3),
  actions: new Float32Array(4),
  rewards: new Float32Array(4),
  nextObservations: new Float32Array(4),
  terminations: new Uint8Array(4),
};

const dataset = defineComponent({
  kind: Dataset,
  type: "four-episodes",
  summary: "four episodes",
  config: z.object({}),
  create: () => ({
    info: async () => ({
      name: "four",
      layout: "none",
      observation: 1,
      action: 1,
      episodes: 4,
      steps: 4,
      returns: { mean: 0, std: 0, min: 0, max: 0 },
      fingerprint: "four",
    }),
    episodes: async function* () {},
    transitions: async () => transitions,
    close: async () => {},
  }),
});

const density = defineComponent({
  kind: DensityModel,
  type: "holding-out",
  summary: "holds a share of the episodes out",
  config: z.object({ share: z.number() }),
  create: ({ share }) => ({
    conditional: false,
    holdsOut: share,
    parameters: () => ({}),
    logProbability: ({ action }) => action,
    fit: async () => ({ tensors: {}, facts: {} }),
  }),
});

const configOf = (share: number, seed: number) =>
  ({ seed, dataset: { type: "four-episodes" }, density: { type: "holding-out", share } }) as const;

const fittingRows = async (share: number, seed: number): Promise<number[]> => {
  const fitting = await createPipeline([dataset, density], configOf(share, seed)).fittingDataset();
  return [...(await fitting.transitions()).observations];
};

test("the fitting dataset is all of it where no part holds episodes out", async () => {
  expect(await fittingRows(0, 0)).toEqual([0, 1, 2, 3]);
});

test("the fitting dataset lacks the share that a part holds out, the same episodes for a seed", async () => {
  const rows = await fittingRows(0.5, 3);
  expect(rows).toHaveLength(2);
  expect(await fittingRows(0.5, 3)).toEqual(rows);
  const others = await Promise.all([0, 1, 2, 4, 5].map((seed) => fittingRows(0.5, seed)));
  expect(others).not.toEqual(Array(5).fill(rows));
});

test("the held-out dataset is the rest; there is none where no part holds episodes out", async () => {
  const heldOut = await createPipeline([dataset, density], configOf(0.5, 3)).heldOutDataset();
  const rows = [...(await heldOut!.transitions()).observations];
  expect([...rows, ...(await fittingRows(0.5, 3))].sort()).toEqual([0, 1, 2, 3]);
  expect(await createPipeline([dataset, density], configOf(0, 3)).heldOutDataset()).toBeUndefined();
});
