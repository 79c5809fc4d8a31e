import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tinyPlugin } from "../helpers.js";
import { cut, d4rlFile, flags, floats, ROWS, textFile } from "./bad-files.js";
import type { Fault } from "./fault.js";

const info = (path: string, ...rest: readonly string[]) => ["data", "info", path, ...rest];

/** A run that reads every value of a file. */
const train = (root: string, path: string, type = "d4rl-hdf5") => [
  "train",
  `--plugin=${tinyPlugin}`,
  "--engine=tiny",
  "--algorithm=tiny",
  "--algorithm.reads=true",
  `--dataset=${type}`,
  `--dataset.path=${path}`,
  `--directory=${join(root, "run")}`,
  "--quiet",
];

const d4rl = (name: string, changes: Parameters<typeof d4rlFile>[1], where: RegExp, what: RegExp): Fault => ({
  name,
  prepare: async (root) => train(root, await d4rlFile(root, changes)),
  where,
  what,
});

const sound = '{"observation":[0.1],"action":[0.2],"reward":1,"terminated":false}';

export const fileFaults: readonly Fault[] = [
  {
    name: "a file that is not there",
    prepare: async (root) => info(join(root, "absent.hdf5")),
    where: /absent\.hdf5/,
    what: /no such file/,
  },
  {
    name: "a folder in place of an HDF5 file",
    prepare: async (root) => info(root, "--dataset=d4rl-hdf5"),
    where: /lowerbound-cli-/,
    what: /folder/,
  },
  {
    name: "text under the name of HDF5",
    prepare: async (root) => info(await textFile(root, "text.hdf5", "hello", "world")),
    where: /text\.hdf5/,
    what: /HDF5/,
  },
  {
    name: "an empty file",
    prepare: async (root) => info(await textFile(root, "empty.hdf5")),
    where: /empty\.hdf5/,
    what: /empty|HDF5/,
  },
  ...[0.02, 0.3, 0.6, 0.9, 0.99].map((share) => ({
    name: `an HDF5 file cut at ${share * 100} % of its bytes`,
    prepare: async (root: string) => train(root, await cut(await d4rlFile(root), share)),
    where: /data\.hdf5/,
    what: /complete|cut|intact|damaged|HDF5/,
  })),
  {
    name: "a name that tells no format",
    prepare: async (root) => info(await textFile(root, "data.xyz", "1")),
    where: /data\.xyz/,
    what: /does not say how to read/,
  },
  {
    name: "a folder that is no Minari dataset",
    prepare: async (root) => info(root),
    where: /lowerbound-cli-/,
    what: /holds no Minari dataset/,
  },
  {
    name: "Minari metadata that are not JSON",
    prepare: async (root) => {
      await mkdir(join(root, "data"));
      await writeFile(join(root, "data", "main_data.hdf5"), "");
      await writeFile(join(root, "data", "metadata.json"), "{");
      return info(root);
    },
    where: /metadata\.json|main_data\.hdf5/,
    what: /JSON|HDF5|empty/,
  },
];

export const columnFaults: readonly Fault[] = [
  ...["observations", "actions", "rewards", "terminals"].map((key) =>
    d4rl(`no ${key}`, { [key]: undefined }, new RegExp(`data\\.hdf5 ${key}`), /the key is missing/),
  ),
  d4rl("observations of one dimension", { observations: floats([ROWS]) }, /observations/, /shape is \[12\]/),
  d4rl("actions of three dimensions", { actions: floats([ROWS, 2, 1]) }, /actions/, /shape is \[12, 2, 1\]/),
  d4rl("fewer rewards than rows", { rewards: floats([ROWS - 1]) }, /rewards/, /shape is \[11\]/),
  d4rl("more terminals than rows", { terminals: flags([ROWS + 1]) }, /terminals/, /shape is \[13\]/),
  d4rl("time-outs of another length", { timeouts: flags([ROWS - 2]) }, /timeouts/, /shape is \[10\]/),
  d4rl("wider next observations", { next_observations: floats([ROWS, 4]) }, /next_observations/, /shape is \[12, 4\]/),
  d4rl("flags that are fractions", { terminals: floats([ROWS]) }, /terminals/, /0\.4|flag|true or false|0 or 1/),
  d4rl(
    "an observation that is NaN",
    { observations: floats([ROWS, 3], { 7: Number.NaN }) },
    /observations row 2, column 1/,
    /NaN/,
  ),
  d4rl(
    "a reward that is infinite",
    { rewards: floats([ROWS], { 4: Number.POSITIVE_INFINITY }) },
    /rewards row 4/,
    /Infinity/,
  ),
  d4rl("an action that is NaN", { actions: floats([ROWS, 2], { 3: Number.NaN }) }, /actions row 1, column 1/, /NaN/),
  d4rl(
    "an action outside its bounds",
    { actions: floats([ROWS, 2], { 20: 1.5 }) },
    /actions row 10, column 0/,
    /1\.5 is outside/,
  ),
  d4rl("no rows", empty(), /observations/, /shape is \[0, 3\]/),
];

function empty() {
  const columns = { actions: floats([0, 2]), next_observations: floats([0, 3]), observations: floats([0, 3]) };
  return { ...columns, rewards: floats([0]), terminals: flags([0]), timeouts: flags([0]) };
}

export const logFaults: readonly Fault[] = [
  {
    name: "a line that is not JSON",
    prepare: async (root) => info(await textFile(root, "log.jsonl", sound, '{"observation":[0.1'), "--json"),
    where: /log\.jsonl line 2/,
    what: /not a JSON object/,
  },
  {
    name: "a log without a column",
    prepare: async (root) => info(await textFile(root, "log.jsonl", sound), "--dataset.reward=gain"),
    where: /log\.jsonl row 0/,
    what: /the column "gain" is missing/,
  },
  {
    name: "rows of different widths",
    prepare: async (root) =>
      train(root, await textFile(root, "log.jsonl", sound, sound.replace("[0.1]", "[1,2]")), "jsonl"),
    where: /log\.jsonl observation row 1/,
    what: /2 entries/,
  },
  {
    name: "text for a number",
    prepare: async (root) => info(await textFile(root, "log.jsonl", sound.replace("1,", '"high",'))),
    where: /log\.jsonl reward row 0/,
    what: /"high"/,
  },
  {
    name: "a log without rows",
    prepare: async (root) => info(await textFile(root, "log.jsonl")),
    where: /log\.jsonl/,
    what: /no rows/,
  },
  {
    name: "a Parquet file that is none",
    prepare: async (root) => info(await textFile(root, "log.parquet", "PAR1 and no more")),
    where: /log\.parquet/,
    what: /not a complete Parquet file/,
  },
];
