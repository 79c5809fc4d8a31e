import { Dataset, defineComponent } from "@lowerbound/core";
import { z } from "zod";
import { conventions } from "../conventions.js";
import { datasetOfRows } from "../dataset-of-rows.js";
import { boundsOf, boundsOptions } from "../options.js";
import { openD4rl } from "./open-d4rl.js";

/** Datasets in D4RL's HDF5 layout. */
export const d4rlHdf5 = defineComponent({
  kind: Dataset,
  type: "d4rl-hdf5",
  summary: "a file in D4RL's HDF5 layout",
  documentation:
    "One array a key, one row a step: observations, actions, rewards, terminals; optional timeouts, next_observations " +
    "and metadata/environment. A time-out is not a termination, and the last episode counts as timed out where the " +
    "end of the file cuts it. The file is read in pieces.",
  config: z.object({
    path: z.string().min(1).describe("the file"),
    convention: z
      .enum(conventions)
      .default("true-next")
      .describe("which rows become transitions: ours, or as a public loader chooses them"),
    timeLimit: z
      .int()
      .positive()
      .optional()
      .describe("steps after which an episode was cut, for a file without timeouts"),
    ...boundsOptions,
  }),
  create: ({ path, convention, timeLimit, ...bounds }) =>
    datasetOfRows(() => openD4rl(path, { bounds: boundsOf(bounds), timeLimit }), convention),
});
