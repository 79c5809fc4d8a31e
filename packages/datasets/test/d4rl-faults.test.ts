import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { DataError, FileError } from "@lowerbound/core";
import { writeHdf5 } from "../src/hdf5/write/write-file.js";
import { type Case, cutD4rl, d4rlFile, describeFaults, fileOf, flags, floats, text } from "./faults.js";
import { fixture, openD4rl, temporaryFolder } from "./helpers.js";

const d4rl = async (path: Promise<string>, options: object = {}) => openD4rl(await path, options);

const cases: readonly Case[] = [
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
  [
    "a compression that is not HDF5's",
    async () => openD4rl(fixture("d4rl-lzf.hdf5")),
    DataError,
    /observations: this key is compressed with lzf[\s\S]*gzip/,
  ],
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

describeFaults("D4RL", cases);
