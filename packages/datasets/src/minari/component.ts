import { Dataset, defineComponent } from "@lowerbound/core";
import { z } from "zod";
import { conventions } from "../conventions.js";
import { datasetOfRows } from "../dataset-of-rows.js";
import { boundsOf } from "../options.js";
import { openMinari } from "./open-minari.js";

/** Datasets in Minari's layout. */
export const minari = defineComponent({
  kind: Dataset,
  type: "minari",
  summary: "a folder as the minari package writes it (HDF5)",
  documentation:
    "data/main_data.hdf5 holds one group an episode with T + 1 observations for T steps; data/metadata.json the spaces " +
    "and the environment. Flat Box spaces only. Action bounds are those of the metadata's action space.",
  config: z.object({
    path: z.string().min(1).describe("the dataset's folder"),
    convention: z
      .enum(conventions)
      .default("true-next")
      .describe("which rows become transitions: ours, or as a public loader chooses them"),
    actionLow: z.number().optional().describe("lower bound of every action entry, instead of the metadata's"),
    actionHigh: z.number().optional().describe("upper bound of every action entry, instead of the metadata's"),
  }),
  create: ({ path, convention, actionLow, actionHigh }) => {
    const given = actionLow !== undefined || actionHigh !== undefined;
    const bounds = given
      ? boundsOf({ actionLow: actionLow ?? -Infinity, actionHigh: actionHigh ?? Infinity })
      : undefined;
    return datasetOfRows(() => openMinari(path, bounds), convention);
  },
});
