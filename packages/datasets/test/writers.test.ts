import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError, type Episode, FileError, type LowerboundError } from "@lowerbound/core";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { lookup3 } from "../src/hdf5/write/checksum.js";
import { writeD4rl, writeMinari } from "../src/index.js";
import {
  collect,
  episode,
  fixture,
  fixtureEpisodes,
  logColumns,
  openD4rl,
  openMinari,
  openParquet,
  temporaryFolder,
} from "./helpers.js";

const digest = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
const metadata = { datasetId: "test/tiny-v0", environment: { id: "Hopper-v5", timeLimit: 1000 } };

describe("lookup3", () => {
  // Known answers of hashlittle with a zero start, from the algorithm's own self-test and HDF5's superblocks.
  it.each([
    ["", 0xdeadbeef],
    ["Four score and seven years ago", 0x17770551],
  ])("of %j", (text, expected) => {
    expect(lookup3(new TextEncoder().encode(text))).toBe(expected);
  });
});

describe("written files", () => {
  it("D4RL: read back equal", async () => {
    const path = join(await temporaryFolder(), "out.hdf5");
    await writeD4rl(path, fixtureEpisodes, { environmentId: "Hopper-v5" });
    expect(await collect(openD4rl(path))).toEqual(fixtureEpisodes);
    expect((await openD4rl(path).info()).environmentId).toBe("Hopper-v5");
  });

  it("D4RL: unknown final observations stay unknown", async () => {
    const unknown = await collect(
      openParquet(fixture("log-gzip.parquet"), { ...logColumns, nextObservation: undefined }),
    );
    const path = join(await temporaryFolder(), "out.hdf5");
    await writeD4rl(path, unknown);
    expect(await collect(openD4rl(path))).toEqual(unknown);
    const read = await openD4rl(path).transitions();
    const source = openParquet(fixture("log-gzip.parquet"), { ...logColumns, nextObservation: undefined });
    expect(read).toEqual(await source.transitions());
  });

  it("Minari: read back equal", async () => {
    const path = join(await temporaryFolder(), "deep", "er", "tiny-v0");
    await writeMinari(path, fixtureEpisodes, metadata);
    expect(await collect(openMinari(path))).toEqual(fixtureEpisodes);
    expect(await openMinari(path).info()).toMatchObject({ name: "test/tiny-v0", environmentId: "Hopper-v5" });
  });

  it("D4RL from any episodes reads back equal", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "any.hdf5");
    const anyEpisode = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.boolean(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(anyEpisode, { minLength: 1, maxLength: 12 }), async (all) => {
        const episodes = all.map(([length, terminated, cut], i) => episode(i, length, terminated, cut || !terminated));
        await writeD4rl(path, episodes);
        expect(await collect(openD4rl(path))).toEqual(episodes);
      }),
      { numRuns: 25, seed: 3 },
    );
  });

  it("equal episodes give equal bytes, at another time too", async () => {
    const folder = await temporaryFolder();
    await writeD4rl(join(folder, "a.hdf5"), fixtureEpisodes, { algorithm: "SAC" });
    await writeMinari(join(folder, "a"), fixtureEpisodes, metadata);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1e9 });
    await writeD4rl(join(folder, "b.hdf5"), fixtureEpisodes, { algorithm: "SAC" });
    await writeMinari(join(folder, "b"), fixtureEpisodes, metadata);
    vi.useRealTimers();
    expect(await digest(join(folder, "a.hdf5"))).toBe(await digest(join(folder, "b.hdf5")));
    for (const file of ["main_data.hdf5", "metadata.json"]) {
      expect(await digest(join(folder, "a", "data", file))).toBe(await digest(join(folder, "b", "data", file)));
    }
  });

  it("replaces a D4RL file as a whole", async () => {
    const path = join(await temporaryFolder(), "out.hdf5");
    await writeD4rl(path, fixtureEpisodes);
    await writeD4rl(path, [episode(7, 2, true, false)]);
    expect((await collect(openD4rl(path))).map(({ length }) => length)).toEqual([2]);
  });
});

async function* failing(): AsyncGenerator<Episode> {
  yield episode(0, 3, true, false);
  throw new DataError("the simulator gave up");
}

const narrow: Episode = { ...episode(1, 2, true, false), action: 1, actions: Float32Array.of(0, 0) };
const unknownEnd: Episode = { ...episode(1, 2, false, true), finalObservationKnown: false };

describe("what cannot be written leaves nothing behind", () => {
  const cases: [string, (folder: string) => Promise<void>, typeof LowerboundError, RegExp][] = [
    ["D4RL, no episodes", (folder) => writeD4rl(join(folder, "x.hdf5"), []), DataError, /no episodes/],
    [
      "D4RL, sizes that differ",
      (folder) => writeD4rl(join(folder, "x.hdf5"), [episode(0, 2, true, false), narrow]),
      DataError,
      /episode 1: the episode's sizes/,
    ],
    [
      "D4RL, ends of which some are unknown",
      (folder) => writeD4rl(join(folder, "x.hdf5"), [episode(0, 2, true, false), unknownEnd]),
      DataError,
      /episode 1: the observation after the last step is known of some episodes/,
    ],
    ["D4RL, a source that fails", (folder) => writeD4rl(join(folder, "x.hdf5"), failing()), DataError, /gave up/],
    ["Minari, no episodes", (folder) => writeMinari(join(folder, "x"), [], metadata), DataError, /no episodes/],
    [
      "Minari, an unknown end",
      (folder) => writeMinari(join(folder, "x"), [unknownEnd], metadata),
      DataError,
      /unknown/,
    ],
    [
      "Minari, a source that fails",
      (folder) => writeMinari(join(folder, "x"), failing(), metadata),
      DataError,
      /gave up/,
    ],
  ];
  it.each(cases)("%s", async (_, write, kind, says) => {
    const folder = await temporaryFolder();
    const error: unknown = await write(folder).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(says);
    expect(await readdir(folder)).toEqual([]);
  });

  it("a path under a regular file", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "x");
    const inside = join(folder, "file", "x");
    await expect(writeD4rl(inside, fixtureEpisodes)).rejects.toThrow(FileError);
    await expect(writeMinari(inside, fixtureEpisodes, metadata)).rejects.toThrow(/regular file|in the way/);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it("a Minari folder is never overwritten", async () => {
    const path = join(await temporaryFolder(), "x");
    await mkdir(path);
    await expect(writeMinari(path, fixtureEpisodes, metadata)).rejects.toThrow(/something of this name/);
    expect(await readdir(path)).toEqual([]);
  });
});
