import { d4rlHdf5, minari, parquet, jsonl as rowsOfJson } from "@lowerbound/datasets";
import { environmentComponents } from "@lowerbound/environments";
import { combined, csv, directory, jsonl, none, standard, tensorboard } from "@lowerbound/runs";

/** Every component of the library, for `createPipeline`. */
export const standardComponents = [
  d4rlHdf5,
  minari,
  rowsOfJson,
  parquet,
  ...environmentComponents,
  directory,
  standard,
  jsonl,
  csv,
  tensorboard,
  combined,
  none,
] as const;
