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

/** What those are told besides whose runs can be changed by flags, and whose rows can be kept elsewhere. */
export interface VariedFlags extends RowFlags {
  readonly updates: string;
  /** Folder of finished rows, and the page whose tables are made of them. */
  readonly rows: string;
  readonly page: string;
}

const rowCommand = (name: string, description: string): Command =>
  new Command(`npm run ${name} --`)
    .description(description)
    .option("--data <folder>", "where the datasets lie", ".")
    .option("--runs <folder>", "where runs are kept, and go on from when they were stopped", "runs")
    .option("--only <part>", "make only rows with this in their names", "")
    .option("--threads <number>", "threads of the engine; 0: as many as there are cores", "0");

/** Flags of a command that makes rows. */
export const rowFlags = (name: string, description: string): RowFlags =>
  rowCommand(name, description).parse().opts<RowFlags>();

/** A command that makes rows of 10 000 updates, and hands what stands after a further `--` to every run. */
export const variedCommand = (
  name: string,
  description: string,
  { rows, page }: Pick<VariedFlags, "rows" | "page">,
): Command =>
  rowCommand(name, description)
    .argument("[flags...]", "after a further --: flags of train that every run gets besides")
    .option("--updates <number>", "of each policy", "10000")
    .option("--rows <folder>", "where finished rows are kept", rows)
    .option("--page <file>", "whose tables are rewritten", page);
