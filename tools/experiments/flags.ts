import { parseArgs } from "node:util";

/** What every command that makes rows is told: folders of data and of runs, part of the rows' names, how many threads. */
export const rowFlags = {
  data: { type: "string", default: "." },
  runs: { type: "string", default: "runs" },
  only: { type: "string", default: "" },
  threads: { type: "string", default: "0" },
} as const;

export const flags = () => parseArgs({ options: rowFlags }).values;
