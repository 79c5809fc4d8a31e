import { join } from "node:path";
import { writeD4rl } from "@lowerbound/datasets";
import { cli } from "./helpers.js";
import { reacherEpisodes } from "./reacher-log.js";

/** Parts of a run with a small ensemble. */
export const ensemble = [
  "--dynamics=ensemble",
  "--penalty=max-aleatoric",
  "--dynamics.members=3",
  "--dynamics.elites=2",
  "--dynamics.hiddenSizes=64,64",
  "--dynamics.weightDecays=0,0,0",
  "--dynamics.maximumEpochs=20",
];

/** A small Transformer. */
export const sequence = [
  "--sequence=trajectory-transformer",
  "--sequence.layers=1",
  "--sequence.heads=2",
  "--sequence.embedding=16",
  "--sequence.transitions=3",
  "--sequence.bins=20",
  "--sequence.updates=20",
];

/** Parts of a run with it, to plan in by beam search. */
export const transformer = [...sequence, "--algorithm.planner=beam-search", "--algorithm.model=trajectory-transformer"];

/** Write the log that runs of {@link trainReacher} learn from. */
export const writeReacher = async (folder: string): Promise<void> =>
  writeD4rl(join(folder, "reacher.hdf5"), await reacherEpisodes(100), { environmentId: "Reacher-v5" });

/** A planning run of Reacher in a folder that holds its log. */
export const trainReacher = (folder: string, name: string, ...parts: readonly string[]) =>
  cli(
    "train",
    `--directory=${join(folder, name)}`,
    "--dataset=d4rl-hdf5",
    `--dataset.path=${join(folder, "reacher.hdf5")}`,
    "--termination=never",
    "--engine=onnx",
    "--engine.threads=1",
    "--quiet",
    "--algorithm=planning",
    ...parts,
  );
