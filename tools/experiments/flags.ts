import { Command } from "commander";

/** What every command that makes rows is told. */
export interface RowFlags {
  /** Folders of datasets and of runs. */
  readonly data: string;
  readonly runs: string;
  /** Part of the names of the rows that are to be made; the others are left alone. */
  readonly only: string;
  readonly threads: string;
}

/** A command of `npm run`, with the flags that all have that make rows. */
export const rowCommand = (name: string, description: string): Command =>
  new Command(`npm run ${name} --`)
    .description(description)
    .option("--data <folder>", "where the datasets lie", ".")
    .option("--runs <folder>", "where runs are kept, and go on from when they were stopped", "runs")
    .option("--only <part>", "make only rows with this in their names", "")
    .option("--threads <number>", "threads of the engine; 0: as many as there are cores", "0");
