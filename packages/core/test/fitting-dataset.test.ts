import { expect, test } from "vitest";
import { z } from "zod";
import { createPipeline, DataError, Dataset, DensityModel, defineComponent, type Transitions } from "../src/index.js";

/** Four steps, of one episode each where nothing else is said; the observation is the step's number. */
const transitionsOf = (episodeStarts = Int32Array.of(0, 1, 2, 3, 4)): Transitions => ({
  observation: 1,
  action: 1,
  count: 4,
  episodeStarts,
  observations: Float32Array.of(0, 1, 2, 3),
  actions: new Float32Array(4),
  rewards: new Float32Array(4),
  nextObservations: new Float32Array(4),
  terminations: new Uint8Array(4),
});

const dataset = defineComponent({
  kind: Dataset,
  type: "four-episodes",
  summary: "four episodes",
  config: z.object({ asOne: z.boolean().default(false) }),
  create: ({ asOne }) => ({
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
    transitions: async () => (asOne ? transitionsOf(Int32Array.of(0, 4)) : transitionsOf()),
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

test("one episode cannot be both fitted and held out", async () => {
  const config = { ...configOf(0.5, 3), dataset: { type: "four-episodes", asOne: true } } as const;
  const pipeline = createPipeline([dataset, density], config);
  await expect(pipeline.fittingDataset()).rejects.toThrow(DataError);
  await expect(pipeline.fittingDataset()).rejects.toThrow(
    /^four: 1 episode cannot be split\n {2}expected: two episodes or more.*\n {2}remedy: .*`episode` column/,
  );
  const all = createPipeline([dataset, density], { ...config, density: { type: "holding-out", share: 0 } });
  expect((await (await all.fittingDataset()).transitions()).count).toBe(4);
});
