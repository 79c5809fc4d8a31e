import { combined, csv, directory, jsonl, none, standard, tensorboard } from "@lowerbound/runs";

/** Every component of the library, for `createPipeline`. */
export const standardComponents = [directory, standard, jsonl, csv, tensorboard, combined, none] as const;
