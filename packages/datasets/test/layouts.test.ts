import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "@lowerbound/core";
import { datasetConformance } from "@lowerbound/testing";
import { describe, expect, it } from "vitest";
import { inMemoryDataset } from "../src/index.js";
import {
  collect,
  fixture,
  fixtureEpisodes,
  logColumns,
  openD4rl,
  openJsonl,
  openMinari,
  openParquet,
  temporaryFolder,
} from "./helpers.js";

const withoutNext = { ...logColumns, nextObservation: undefined };

const handMade = (convention?: "d4rl") =>
  inMemoryDataset(
    {
      name: "hand-made",
      observation: 1,
      action: 1,
      observations: Float32Array.of(0, 1, 2, 3, 4),
      actions: Float32Array.of(0, 0, 0, 0, 0),
      rewards: Float32Array.of(1, 2, 3, 4, 5),
      terminations: Uint8Array.of(0, 1, 0, 0, 0),
      timeouts: Uint8Array.of(0, 0, 0, 1, 0),
    },
    convention,
  );

const layouts = {
  "d4rl, compressed": () => openD4rl(fixture("d4rl.hdf5")),
  "d4rl, double precision, no next observations": () => openD4rl(fixture("d4rl-float64-no-next.hdf5")),
  "d4rl, newer HDF5 format, flags as integers": () => openD4rl(fixture("d4rl-v2-format.hdf5")),
  minari: () => openMinari(fixture("minari/tiny-v0")),
  "parquet, snappy": () => openParquet(fixture("log-snappy.parquet"), logColumns),
  "parquet, zstd": () => openParquet(fixture("log-zstd.parquet"), logColumns),
  "parquet, gzip, no next observations": () => openParquet(fixture("log-gzip.parquet"), withoutNext),
  "memory, no next observations": () => handMade(),
};

describe.each(Object.entries(layouts))("%s", (_, open) => {
  it.each(datasetConformance(async () => open()).map(({ name, run }) => [name, run] as const))("%s", (_name, run) =>
    run(),
  );
});

describe("files of the real packages", () => {
  it.each(["d4rl.hdf5", "d4rl-v2-format.hdf5"])("%s gives the episodes that h5py wrote", async (name) => {
    expect(await collect(openD4rl(fixture(name)))).toEqual(fixtureEpisodes);
  });

  it("minari's folder gives the same episodes", async () => {
    expect(await collect(openMinari(fixture("minari/tiny-v0")))).toEqual(fixtureEpisodes);
    expect(await openMinari(fixture("minari/tiny-v0/data/main_data.hdf5")).info()).toMatchObject({
      name: "tiny-v0",
      environmentId: "Pendulum-v1",
      layout: "minari",
      episodes: 4,
      steps: 15,
    });
  });

  it.each(["snappy", "zstd", "gzip"])("Parquet in %s gives the same episodes", async (codec) => {
    expect(await collect(openParquet(fixture(`log-${codec}.parquet`), logColumns))).toEqual(fixtureEpisodes);
  });

  it.each(["ep", "since"])("Parquet's dates and times tell episodes apart: %s", async (episode) => {
    const dated = { ...logColumns, episode };
    expect(await collect(openParquet(fixture("log-dates.parquet"), dated))).toEqual(fixtureEpisodes);
  });

  it("says what is known without the steps", async () => {
    const { fingerprint, path, ...info } = await openD4rl(fixture("d4rl.hdf5")).info();
    expect(info).toEqual({
      name: "d4rl",
      layout: "d4rl-hdf5",
      environmentId: "Hopper-v5",
      observation: 3,
      action: 2,
      episodes: 4,
      steps: 15,
      actionBounds: [
        { low: -1, high: 1 },
        { low: -1, high: 1 },
      ],
      reference: { random: -20.272305, expert: 3234.3, source: expect.stringContaining("D4RL") },
      returns: { mean: (1.5 + 3.75 + 15.75 + 6.25) / 4, std: expect.closeTo(5.426713, 5), min: 1.5, max: 15.75 },
    });
  });
});

describe("the fingerprint", () => {
  const printOf = async (dataset: Dataset) => (await dataset.info()).fingerprint;

  it.each([
    ["d4rl", (options: object) => openD4rl(fixture("d4rl.hdf5"), options)],
    ["minari", (options: object) => openMinari(fixture("minari/tiny-v0"), options)],
    ["parquet", (options: object) => openParquet(fixture("log-snappy.parquet"), { ...logColumns, ...options })],
  ])("is another where the convention is: %s", async (_, open) => {
    const prints = await Promise.all([{}, { convention: "d4rl" }, { convention: "with-next" }].map(open).map(printOf));
    expect(new Set(prints).size).toBe(3);
    expect(await printOf(open({ convention: "true-next" }))).toBe(prints[0]);
  });

  it("is another where a column is read as another", async () => {
    const open = (columns: object) => openParquet(fixture("log-snappy.parquet"), { ...logColumns, ...columns });
    const prints = await Promise.all([{}, { reward: "a0" }, { nextObservation: undefined }].map(open).map(printOf));
    expect(new Set(prints).size).toBe(3);
  });

  it("of rows in memory is another where the convention is", async () => {
    const prints = await Promise.all([handMade(), handMade("d4rl")].map(printOf));
    expect(new Set(prints).size).toBe(2);
  });
});

describe("ends of episodes", () => {
  it("a time-out is no termination, and its true next observation is kept where it is stored", async () => {
    const { count, terminations, nextObservations, episodeStarts } = await openD4rl(fixture("d4rl.hdf5")).transitions();
    expect(count).toBe(15);
    expect([...episodeStarts]).toEqual([0, 4, 7, 13, 15]);
    expect([...terminations]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect([nextObservations[3 * 3], nextObservations[6 * 3], nextObservations[14 * 3]]).toEqual([4, 103, 302]);
  });

  it("without next observations, the last step of a timed-out episode goes and a terminal keeps its own", async () => {
    const all = await openD4rl(fixture("d4rl-float64-no-next.hdf5")).transitions();
    expect([...all.episodeStarts]).toEqual([0, 4, 6, 12, 13]);
    expect([...all.terminations]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect([all.nextObservations[3 * 3], all.nextObservations[5 * 3], all.nextObservations[12 * 3]]).toEqual([
      3, 102, 301,
    ]);
  });

  it("a file without time-outs ends episodes at terminals and at its end", async () => {
    const episodes = await collect(openD4rl(fixture("d4rl-no-timeouts.hdf5")));
    expect(episodes.map(({ length, terminated, truncated }) => [length, terminated, truncated])).toEqual([
      [4, true, false],
      [9, true, false],
      [2, false, true],
    ]);
  });

  it("a file without time-outs ends episodes after the time limit, too, where one is said", async () => {
    const limited = openD4rl(fixture("d4rl-no-timeouts.hdf5"), { timeLimit: 4 });
    const episodes = await collect(limited);
    expect(episodes.map(({ length, terminated, truncated }) => [length, terminated, truncated])).toEqual([
      [4, true, false],
      [4, false, true],
      [4, false, true],
      [1, true, false],
      [2, false, true],
    ]);
    const prints = await Promise.all([limited, openD4rl(fixture("d4rl-no-timeouts.hdf5"))].map((each) => each.info()));
    expect(prints[0]!.fingerprint).not.toBe(prints[1]!.fingerprint);
    await expect(openD4rl(fixture("d4rl.hdf5"), { timeLimit: 4 }).info()).rejects.toThrow(
      /dataset\.timeLimit 4, .*timeouts: the file says itself[\s\S]*leave timeLimit out/,
    );
  });
});

describe("JSON Lines", () => {
  const lines = [
    { t: 0, x: 1, v: 0.5, u: 0.1, r: 1, dead: false, run: "a" },
    { t: 1, x: 2, v: 0.25, u: -0.1, r: 2, dead: true, run: "a" },
    { t: 0, x: 3, v: 0, u: 1, r: 3, dead: 0, run: "b" },
    { t: 1, x: 4, v: 0, u: 1, r: 4, dead: 0, run: "b" },
    { t: 0, x: 5, v: 0, u: -1, r: 5, dead: false, run: "c" },
  ];
  const options = { observation: ["x", "v"], action: "u", reward: "r", termination: "dead", episode: "run" };

  it("maps columns, and tells episodes apart by a column", async () => {
    const path = join(await temporaryFolder(), "log.jsonl");
    await writeFile(path, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n\n`);
    const episodes = await collect(openJsonl(path, options));
    expect(episodes.map(({ length, terminated, truncated }) => [length, terminated, truncated])).toEqual([
      [2, true, false],
      [2, false, true],
      [1, false, true],
    ]);
    expect([...episodes[0]!.observations]).toEqual([1, 0.5, 2, 0.25, 2, 0.25]);
    expect((await openJsonl(path, { ...options, environmentId: "Hopper-v5" }).info()).reference?.expert).toBe(3234.3);
    const { count, rewards, episodeStarts } = await openJsonl(path, options).transitions();
    expect([count, ...rewards]).toEqual([3, 1, 2, 3]);
    expect([...episodeStarts]).toEqual([0, 2, 3]);
  });

  it("reads more rows than a batch, with pieces in the middle of episodes", async () => {
    const path = join(await temporaryFolder(), "long.jsonl");
    const row = (i: number) => ({ observation: [i], action: [0], reward: 1, terminated: i % 3000 === 2999 });
    await writeFile(path, Array.from({ length: 10_000 }, (_, i) => JSON.stringify(row(i))).join("\n"));
    const episodes = await collect(openJsonl(path));
    expect(episodes.map(({ length }) => length)).toEqual([3000, 3000, 3000, 1000]);
    const all = await openJsonl(path).transitions();
    expect(all.count).toBe(9999);
    const wrong = all.nextObservations.findIndex((next, i) => next !== i + (all.terminations[i] === 1 ? 0 : 1));
    expect(wrong).toBe(-1);
  });
});
