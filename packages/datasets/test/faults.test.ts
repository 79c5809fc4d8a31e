import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError, type Dataset, FileError, LowerboundError } from "@lowerbound/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ElementType } from "../src/hdf5/write/messages.js";
import { type ArrayData, writeHdf5 } from "../src/hdf5/write/write-file.js";
import { toTransitions } from "../src/index.js";
import {
  collect,
  fixture,
  logColumns,
  openD4rl,
  openJsonl,
  openMinari,
  openParquet,
  temporaryFolder,
} from "./helpers.js";

type Key = readonly [type: ElementType, shape: readonly number[], data: ArrayData];
type Keys = Readonly<Record<string, Key>>;

const floats = (shape: readonly number[], change: (all: Float32Array) => void = () => undefined): Key => {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5);
  change(data);
  return ["float32", shape, data];
};
const flags = (rows: number, ...set: number[]): Key => [
  "boolean",
  [rows],
  Uint8Array.from({ length: rows }, (_, row) => (set.includes(row) ? 1 : 0)),
];
const text = (value: string): Key => [{ text: value.length }, [], new TextEncoder().encode(value)];

const good: Keys = {
  observations: floats([6, 3]),
  actions: floats([6, 2]),
  rewards: floats([6]),
  terminals: flags(6, 2),
  timeouts: flags(6, 5),
  next_observations: floats([6, 3]),
};

async function d4rlFile(changes: Readonly<Record<string, Key | undefined>>): Promise<string> {
  const path = join(await temporaryFolder(), "data.hdf5");
  await writeHdf5(path, async (file) => {
    const children = [];
    for (const [name, key] of Object.entries({ ...good, ...changes })) {
      if (key !== undefined) children.push(await file.array(name, ...key));
    }
    return children;
  });
  return path;
}

async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

async function cutD4rl(bytes: (size: number) => number): Promise<string> {
  const whole = await readFile(fixture("d4rl.hdf5"));
  return fileOf("cut.hdf5", whole.subarray(0, bytes(whole.length)));
}

/** All that can be asked of a dataset must fail with the one error. */
async function failures(dataset: Dataset): Promise<unknown[]> {
  const caught = (error: unknown) => error;
  return Promise.all([
    dataset.transitions().then(() => undefined, caught),
    collect(dataset).then(() => undefined, caught),
    toTransitions(dataset, "d4rl").then(() => undefined, caught),
  ]);
}

type Case = readonly [name: string, open: () => Promise<Dataset>, kind: typeof LowerboundError, says: RegExp];

const d4rl = async (path: Promise<string>, options: object = {}) => openD4rl(await path, options);

const d4rlCases: readonly Case[] = [
  ["an empty file", () => d4rl(fileOf("empty.hdf5", "")), FileError, /empty/],
  [
    "another format",
    () => d4rl(fileOf("text.hdf5", "not at all HDF5, but long enough to have a head".repeat(30))),
    FileError,
    /not an HDF5 file/,
  ],
  ["a few bytes of a signature", () => d4rl(cutD4rl(() => 5)), FileError, /not an HDF5|cut short/],
  ["cut inside the superblock", () => d4rl(cutD4rl(() => 30)), FileError, /cut short/],
  ["cut after the superblock", () => d4rl(cutD4rl(() => 100)), FileError, /cut short: 100 bytes of \d+/],
  ["cut in the middle", () => d4rl(cutD4rl((size) => size >> 1)), FileError, /cut short/],
  ["cut by one byte", () => d4rl(cutD4rl((size) => size - 1)), FileError, /cut short/],
  ["no such file", async () => openD4rl(join(await temporaryFolder(), "none.hdf5")), FileError, /no such file/],
  ["a folder", async () => openD4rl(await temporaryFolder()), FileError, /folder/],
  [
    "a path under a regular file",
    async () => openD4rl(join(await fileOf("file", "x"), "data.hdf5")),
    FileError,
    /regular file, not a folder/,
  ],
  [
    "a link to nothing",
    async () => {
      const path = join(await temporaryFolder(), "link.hdf5");
      await symlink("nowhere", path);
      return openD4rl(path);
    },
    FileError,
    /no such file/,
  ],
  [
    "observations missing",
    () => d4rl(d4rlFile({ observations: undefined })),
    DataError,
    /observations: the key is missing/,
  ],
  ["actions missing", () => d4rl(d4rlFile({ actions: undefined })), DataError, /actions: the key is missing/],
  ["rewards missing", () => d4rl(d4rlFile({ rewards: undefined })), DataError, /rewards: the key is missing/],
  ["terminals missing", () => d4rl(d4rlFile({ terminals: undefined })), DataError, /terminals: the key is missing/],
  ["Minari's layout", async () => openD4rl(fixture("minari/tiny-v0/data/main_data.hdf5")), DataError, /type "minari"/],
  [
    "observations of rank 1",
    () => d4rl(d4rlFile({ observations: floats([6]) })),
    DataError,
    /observations: the shape is \[6\]/,
  ],
  [
    "observations of rank 3",
    () => d4rl(d4rlFile({ observations: floats([6, 3, 1]) })),
    DataError,
    /observations: the shape is \[6, 3, 1\]/,
  ],
  ["no rows", () => d4rl(d4rlFile({ observations: floats([0, 3]) })), DataError, /at least one row/],
  [
    "fewer actions",
    () => d4rl(d4rlFile({ actions: floats([5, 2]) })),
    DataError,
    /actions: the shape is \[5, 2\][\s\S]*\[6, action\]/,
  ],
  ["fewer rewards", () => d4rl(d4rlFile({ rewards: floats([5]) })), DataError, /rewards: the shape is \[5\]/],
  ["rewards of rank 2", () => d4rl(d4rlFile({ rewards: floats([6, 2]) })), DataError, /rewards: the shape is \[6, 2\]/],
  ["fewer terminals", () => d4rl(d4rlFile({ terminals: flags(4) })), DataError, /terminals: the shape/],
  ["fewer time-outs", () => d4rl(d4rlFile({ timeouts: flags(7) })), DataError, /timeouts: the shape/],
  [
    "narrower next observations",
    () => d4rl(d4rlFile({ next_observations: floats([6, 2]) })),
    DataError,
    /next_observations: the shape/,
  ],
  [
    "fewer next observations",
    () => d4rl(d4rlFile({ next_observations: floats([5, 3]) })),
    DataError,
    /next_observations: the shape/,
  ],
  [
    "text where numbers belong",
    () => d4rl(d4rlFile({ rewards: text("none") })),
    DataError,
    /rewards: this key holds text/,
  ],
  [
    "a group where an array belongs",
    async () => {
      const path = join(await temporaryFolder(), "group.hdf5");
      await writeHdf5(path, async (file) => [await file.group("observations", [])]);
      return openD4rl(path);
    },
    DataError,
    /observations: this key holds a group/,
  ],
  [
    "NaN observation",
    () => d4rl(d4rlFile({ observations: floats([6, 3], (all) => all.fill(Number.NaN, 13, 14)) })),
    DataError,
    /observations row 4, column 1: the value is NaN/,
  ],
  [
    "infinite reward",
    () => d4rl(d4rlFile({ rewards: floats([6], (all) => all.fill(Infinity, 3, 4)) })),
    DataError,
    /rewards row 3.*Infinity/,
  ],
  [
    "NaN action",
    () => d4rl(d4rlFile({ actions: floats([6, 2], (all) => all.fill(Number.NaN, 0, 1)) })),
    DataError,
    /actions row 0, column 0: the value is NaN/,
  ],
  [
    "NaN next observation",
    () => d4rl(d4rlFile({ next_observations: floats([6, 3], (all) => all.fill(Number.NaN, 17)) })),
    DataError,
    /next_observations row 5, column 2/,
  ],
  [
    "action above its bound",
    () => d4rl(d4rlFile({ actions: floats([6, 2], (all) => all.fill(1.5, 7, 8)) })),
    DataError,
    /actions row 3, column 1: the action 1.5 is outside/,
  ],
  [
    "action below a given bound",
    () => d4rl(d4rlFile({}), { actionLow: 0.75 }),
    DataError,
    /the action 0.5 is outside[\s\S]*from 0.75 to 1/,
  ],
  [
    "a flag that is neither 0 nor 1",
    () => d4rl(d4rlFile({ terminals: floats([6]) })),
    DataError,
    /terminals row 0: the flag is 0.5/,
  ],
];

async function minariWith(change: (metadata: Record<string, unknown>) => void): Promise<Dataset> {
  const data = join(await temporaryFolder(), "data");
  await mkdir(data);
  await writeFile(join(data, "main_data.hdf5"), await readFile(fixture("minari/tiny-v0/data/main_data.hdf5")));
  const before = (await readFile(fixture("minari/tiny-v0/data/metadata.json"), "utf8")).replaceAll("Infinity", "1e9");
  const metadata: Record<string, unknown> = JSON.parse(before);
  change(metadata);
  await writeFile(join(data, "metadata.json"), JSON.stringify(metadata));
  return openMinari(join(data, ".."));
}

async function minariFile(episode: Keys): Promise<Dataset> {
  const data = join(await temporaryFolder(), "data");
  await writeHdf5(join(data, "main_data.hdf5"), async (file) => {
    const children = [];
    for (const [name, key] of Object.entries(episode)) children.push(await file.array(name, ...key));
    return [await file.group("episode_0", children)];
  });
  await writeFile(
    join(data, "metadata.json"),
    JSON.stringify({ total_episodes: 1, total_steps: 4, data_format: "hdf5" }),
  );
  return openMinari(join(data, ".."));
}

const goodEpisode: Keys = {
  observations: floats([5, 3]),
  actions: floats([4, 2]),
  rewards: floats([4]),
  terminations: flags(4, 3),
  truncations: flags(4),
};

const minariCases: readonly Case[] = [
  ["a folder without data", async () => openMinari(await temporaryFolder()), FileError, /holds no Minari dataset/],
  ["no such folder", async () => openMinari(join(await temporaryFolder(), "none")), FileError, /no such file/],
  ["a D4RL file", async () => openMinari(await d4rlFile({})), FileError, /metadata/],
  [
    "more episodes in the metadata",
    () => minariWith((all) => Object.assign(all, { total_episodes: 5 })),
    DataError,
    /episode_4: the key is missing/,
  ],
  [
    "fewer steps in the metadata",
    () => minariWith((all) => Object.assign(all, { total_steps: 14 })),
    DataError,
    /15 steps together/,
  ],
  [
    "another data format",
    () => minariWith((all) => Object.assign(all, { data_format: "arrow" })),
    DataError,
    /the data format is "arrow"/,
  ],
  [
    "a space of discrete actions",
    () => minariWith((all) => Object.assign(all, { action_space: '{"type": "Discrete", "n": 3}' })),
    DataError,
    /the space is a Discrete/,
  ],
  [
    "metadata without counts",
    () => minariWith((all) => Object.assign(all, { total_steps: "many" })),
    DataError,
    /total_steps/,
  ],
  [
    "actions outside the space",
    () =>
      minariWith((all) =>
        Object.assign(all, { action_space: '{"type":"Box","shape":[2],"low":[-0.1,-0.1],"high":[0.1,0.1]}' }),
      ),
    DataError,
    /the action -0.5 is outside/,
  ],
  [
    "T observations for T steps",
    () => minariFile({ ...goodEpisode, observations: floats([4, 3]) }),
    DataError,
    /episode_0\/observations: the shape is \[4, 3\]/,
  ],
  [
    "a missing array",
    () => minariFile({ ...goodEpisode, observations: floats([5, 3]), rewards: text("x") }),
    DataError,
    /rewards: this key holds text/,
  ],
  [
    "a flag in the middle",
    () => minariFile({ ...goodEpisode, truncations: flags(4, 1) }),
    DataError,
    /truncations row 1: a step before the last/,
  ],
];

const line = (changes: object) =>
  JSON.stringify({ observation: [1, 2], action: [0], reward: 1, terminated: false, ...changes });
const jsonlOf = async (lines: readonly string[], options: object = {}) =>
  openJsonl(await fileOf("log.jsonl", lines.join("\n")), options);
const cutParquet = async (share: number) => {
  const whole = await readFile(fixture("log-snappy.parquet"));
  return openParquet(await fileOf("cut.parquet", whole.subarray(0, Math.floor(whole.length * share))), logColumns);
};

const logCases: readonly Case[] = [
  ["an empty log", () => jsonlOf([]), DataError, /no rows/],
  [
    "a line that is no JSON",
    () => jsonlOf([line({}), '{"observation": [1, '.slice(0, 18)]),
    DataError,
    /line 2: the line is not a JSON object/,
  ],
  ["a line that is no object", () => jsonlOf([line({}), "7"]), DataError, /line 2/],
  [
    "a column that is missing",
    () => jsonlOf([line({})], { reward: "gain" }),
    DataError,
    /gain row 0: the column is missing/,
  ],
  [
    "null for a number",
    () => jsonlOf([line({}), line({ reward: null })]),
    DataError,
    /reward row 1: the value is null/,
  ],
  [
    "text for a number",
    () => jsonlOf([line({}), line({ action: ["left"] })]),
    DataError,
    /action\[0\] row 1: the value is "left"/,
  ],
  [
    "rows of different widths",
    () => jsonlOf([line({}), line({ observation: [1] })]),
    DataError,
    /observation row 1: the row has 1 entries/,
  ],
  ["text for a flag", () => jsonlOf([line({ terminated: "no" })]), DataError, /terminated row 0: the value is "no"/],
  [
    "action outside",
    () => jsonlOf([line({ action: [3] })]),
    DataError,
    /action row 0, column 0: the action 3 is outside/,
  ],
  [
    "an absurd number",
    () => jsonlOf([line({ reward: Infinity }).replace("null", "1e999")]),
    DataError,
    /reward row 0.*Infinity/,
  ],
  ["Parquet cut by half", () => cutParquet(0.5), FileError, /not a complete Parquet file/],
  ["Parquet cut to its head", () => cutParquet(0.005), FileError, /not a complete Parquet file/],
  [
    "no Parquet at all",
    async () => openParquet(await fileOf("x.parquet", "text".repeat(100))),
    FileError,
    /not a complete Parquet file/,
  ],
  [
    "a Parquet column that is missing",
    async () => openParquet(fixture("log-snappy.parquet"), { ...logColumns, reward: "gain" }),
    DataError,
    /the column "gain" is missing[\s\S]*one of o, after/,
  ],
  ["a folder as a log", async () => openJsonl(await temporaryFolder()), FileError, /folder/],
];

describe.each([
  ["D4RL", d4rlCases],
  ["Minari", minariCases],
  ["logs", logCases],
])("%s", (_, cases) => {
  afterEach(() => vi.restoreAllMocks());

  it.each(cases)("%s", async (_name, open, kind, says) => {
    const printed = [vi.spyOn(console, "error"), vi.spyOn(process.stderr, "write")];
    for (const error of await failures(await open())) {
      expect(error).toBeInstanceOf(kind);
      if (!(error instanceof LowerboundError)) throw error;
      expect(error.message).toMatch(says);
      expect(error.where, "where").toBeTruthy();
      expect(error.remedy, "remedy").toBeTruthy();
    }
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});

describe("damaged HDF5", () => {
  it("gives one clear error where it is noticed, and leaves the next file readable", async () => {
    const whole = await readFile(fixture("d4rl.hdf5"));
    const intact = await openD4rl(fixture("d4rl.hdf5")).transitions();
    let refused = 0;
    for (let trial = 0; trial < 24; trial++) {
      const bytes = Buffer.from(whole);
      const at = 96 + Math.floor((trial * (whole.length - 200)) / 24);
      bytes.fill(0xa5 ^ trial, at, at + 64);
      const dataset = openD4rl(await fileOf("damaged.hdf5", bytes), { actionLow: -1e9, actionHigh: 1e9 });
      const error = await dataset.transitions().then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error !== undefined) {
        refused += 1;
        expect(error).toBeInstanceOf(LowerboundError);
      }
    }
    expect(refused).toBeGreaterThan(4);
    expect(await openD4rl(fixture("d4rl.hdf5")).transitions()).toEqual(intact);
  });

  it("leaves no file open behind, whatever was wrong with it", async () => {
    const path = await d4rlFile({ rewards: text("none") });
    const cut = await cutD4rl((size) => size - 1);
    await failures(openD4rl(path));
    await failures(openD4rl(cut));
    const dataset = openD4rl(fixture("d4rl.hdf5"));
    for await (const _ of dataset.episodes()) break;
    const descriptors = await Promise.all(
      (await readdir("/proc/self/fd").catch(() => [])).map((name) =>
        import("node:fs/promises").then(({ readlink }) => readlink(`/proc/self/fd/${name}`).catch(() => "")),
      ),
    );
    expect(descriptors.filter((target) => target.endsWith(".hdf5"))).toEqual([]);
  });

  it("refuses a file that changed between two reads", async () => {
    const path = await d4rlFile({});
    const dataset = openD4rl(path);
    await dataset.info();
    await writeFile(path, await readFile(await d4rlFile({ rewards: floats([6], (all) => all.fill(9)) })));
    await expect(dataset.transitions()).rejects.toThrow(/changed while it was in use/);
  });
});
