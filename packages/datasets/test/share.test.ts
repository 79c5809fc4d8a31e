import { createPipeline, Dataset } from "@lowerbound/core";
import { datasetConformance } from "@lowerbound/testing";
import { describe, expect, it } from "vitest";
import { d4rlHdf5, inMemoryDataset, share } from "../src/index.js";
import { collect, fixture, nothing } from "./helpers.js";

/** Lengths of the logged episodes; the second one has no transition: one step, cut, and what came next was not logged. */
const LENGTHS = [3, 1, 4, 2, 5, 3, 2];

/** Observations tell the rows apart; next ones were not logged. */
function logged(): Dataset {
  const rows = LENGTHS.reduce((sum, length) => sum + length, 0);
  const ends = new Uint8Array(rows);
  LENGTHS.reduce((row, length) => {
    ends[row + length - 1] = 1;
    return row + length;
  }, 0);
  return inMemoryDataset({
    name: "hand-made",
    observation: 1,
    action: 1,
    observations: Float32Array.from({ length: rows }, (_, row) => row),
    actions: new Float32Array(rows),
    rewards: Float32Array.from({ length: rows }, (_, row) => row / 2),
    terminations: new Uint8Array(rows),
    timeouts: ends,
  });
}

const shareOf = (part: number, seed = 0): Dataset => share.create({ of: logged(), share: part, seed }, nothing);

const firsts = async (dataset: Dataset): Promise<number[]> =>
  (await collect(dataset)).map(({ observations }) => observations[0]!);

describe("half of the episodes", () => {
  it.each(datasetConformance(async () => shareOf(0.5)).map(({ name, run }) => [name, run] as const))("%s", (_, run) =>
    run(),
  );
});

describe("a share of the episodes", () => {
  it("has the transitions of its own episodes, although one of the log's has none", async () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const dataset = shareOf(0.5, seed);
      const { observations, episodeStarts } = await dataset.transitions();
      const starts = [...episodeStarts].slice(0, -1).map((start) => observations[start]);
      expect(starts).toEqual(await firsts(dataset));
      expect(starts).toHaveLength(3);
    }
  });

  it("holds the episodes of a smaller one, and at least one; a share of 1 has all that have transitions", async () => {
    const [least, half, most] = [await firsts(shareOf(0.01)), await firsts(shareOf(0.5)), await firsts(shareOf(1))];
    expect(least).toHaveLength(1);
    expect(half).toEqual(expect.arrayContaining(least));
    expect(most).toEqual([0, 4, 8, 10, 15, 18]);
  });

  it("depends on its seed, and has a fingerprint of its own", async () => {
    const drawn = await Promise.all([0, 1, 2, 3].map((seed) => firsts(shareOf(0.5, seed))));
    expect(new Set(drawn.map(String)).size).toBeGreaterThan(1);
    const prints = [logged(), shareOf(0.5), shareOf(0.5, 1), shareOf(0.25)].map(
      async (each) => (await each.info()).fingerprint,
    );
    expect(new Set(await Promise.all(prints)).size).toBe(4);
  });

  it("is made by a configuration, from a dataset of any layout", async () => {
    const of = { type: "d4rl-hdf5", path: fixture("d4rl.hdf5") } as const;
    const pipeline = createPipeline([d4rlHdf5, share], { dataset: { type: "share", of, share: 0.5 } });
    const { episodes, environmentId } = await pipeline.get(Dataset).info();
    expect({ episodes, environmentId }).toEqual({ episodes: 2, environmentId: "Hopper-v5" });
    await pipeline.dispose();
  });
});
