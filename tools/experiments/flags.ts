import { parseArgs } from "node:util";

/** What the commands that make rows are told: folders of data and of runs, which rows, and how many threads. */
export const flags = () =>
  parseArgs({
    options: {
      data: { type: "string", default: "." },
      runs: { type: "string", default: "runs" },
      only: { type: "string", default: "" },
      threads: { type: "string", default: "0" },
    },
  }).values;
