import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cli, tinyRun } from "../helpers.js";
import { textFile } from "./bad-files.js";
import type { Fault } from "./fault.js";

/** A finished run in `root/run`. */
async function finishedRun(root: string): Promise<string> {
  const directory = join(root, "run");
  const { code, err } = await cli(...tinyRun(directory), "--evaluation=tiny");
  if (code !== 0) throw new Error(err);
  return directory;
}

export const runFaults: readonly Fault[] = [
  {
    name: "a directory under a regular file",
    prepare: async (root) => tinyRun(join(await textFile(root, "file"), "run")),
    where: /file\/run|file\\run/,
    what: /regular file/,
  },
  {
    name: "a regular file for a directory",
    prepare: async (root) => tinyRun(await textFile(root, "file")),
    where: /file/,
    what: /a file stands where a folder is needed|regular file/,
  },
  {
    name: "a run to resume that is not there",
    prepare: async (root) => ["train", "--resume", join(root, "absent")],
    where: /absent/,
    what: /no run lies there/,
  },
  {
    name: "another configuration than the run's",
    prepare: async (root) => [...tinyRun(await finishedRun(root)), "--evaluation=tiny", "--algorithm.updates=9"],
    where: /config\.json/,
    what: /algorithm\.updates: 20 -> 9/,
  },
  {
    name: "a saved configuration that was altered",
    prepare: async (root) => {
      const directory = await finishedRun(root);
      await writeFile(join(directory, "config.json"), "{");
      return ["train", "--resume", directory];
    },
    where: /config\.json/,
    what: /not JSON/,
  },
  {
    name: "a list of plug-ins that was altered",
    prepare: async (root) => {
      const directory = await finishedRun(root);
      await writeFile(join(directory, "command.json"), "[]");
      return ["train", "--resume", directory];
    },
    where: /command\.json/,
    what: /not a list of plug-ins/,
  },
  {
    name: "a run that another host writes",
    prepare: async (root) => {
      const directory = await finishedRun(root);
      await writeFile(join(directory, "run.lock"), JSON.stringify({ host: "elsewhere", pid: 1, started: "", id: "x" }));
      return ["train", "--resume", directory, "--quiet"];
    },
    where: /run/,
    what: /process 1 on elsewhere writes this run/,
  },
  {
    name: "a policy that was altered",
    prepare: async (root) => {
      const directory = await finishedRun(root);
      const folder = join(directory, "checkpoints", "train");
      const file = join(folder, (await readdir(folder)).find((name) => /^last-.*safetensors$/.test(name))!);
      await writeFile(file, (await readFile(file)).subarray(1));
      return ["evaluate", directory];
    },
    where: /run/,
    what: /no "last" snapshot/,
  },
  {
    name: "a policy that was never kept",
    prepare: async (root) => ["evaluate", await finishedRun(root), "--checkpoint=best"],
    where: /--checkpoint/,
    what: /no checkpoint is called "best"[\s\S]*expected: last/,
  },
  {
    name: "a checkpoint of an unknown name",
    prepare: async (root) => ["evaluate", await finishedRun(root), "--checkpoint=beast"],
    where: /--checkpoint/,
    what: /no checkpoint is called "beast"/,
  },
  {
    name: "a seed that is none",
    prepare: async (root) => ["evaluate", await finishedRun(root), "--seed=x"],
    where: /--seed/,
    what: /"x" is no number/,
  },
  {
    name: "a run without a model to predict with",
    prepare: async (root) => ["predict", await finishedRun(root)],
    where: /run/,
    what: /the run has no model that predicts/,
  },
  {
    name: "no steps to predict",
    prepare: async (root) => ["predict", await finishedRun(root), "--steps=0"],
    where: /--steps/,
    what: /nothing to predict/,
  },
  {
    name: "a folder that is no run",
    prepare: async (root) => {
      await mkdir(join(root, "empty"));
      return ["evaluate", join(root, "empty")];
    },
    where: /empty/,
    what: /no run lies there/,
  },
];
