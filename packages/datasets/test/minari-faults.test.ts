import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError, type Dataset, FileError } from "@lowerbound/core";
import { writeHdf5 } from "../src/hdf5/write/write-file.js";
import { type Case, d4rlFile, describeFaults, flags, floats, type Keys, text } from "./faults.js";
import { fixture, openMinari, temporaryFolder } from "./helpers.js";

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

const cases: readonly Case[] = [
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

describeFaults("Minari", cases);
