import { realpath } from "node:fs/promises";
import { FileError } from "@lowerbound/core";
import type { RunRecord } from "@lowerbound/reports";
import type { Command } from "commander";
import type { Output } from "../output.js";
import { overSeeds, overTasks } from "./over-seeds.js";

interface ReportFlags {
  readonly output?: string;
}

/** Where a report of several runs goes. */
const FOLDER = "lowerbound-report";

/** Register `report`. */
export function addReport(program: Command, output: Output): void {
  program
    .command("report <run...>")
    .summary("one page of charts and tables of one run or many")
    .description(
      "Write report.html, a page that needs no network, and its charts as SVG and PNG in charts/ beside it. Runs that " +
        "differ by their seed alone, on the same log, are put together: interquartile mean with a bootstrap interval. Every number comes " +
        "from the runs' files; what is missing or torn is named in the page.",
    )
    .option("--output <dir>", `where to write (default: the run's directory; of several runs, ${FOLDER})`)
    .action((runs: readonly string[], flags: ReportFlags) => report(runs, flags, output));
}

async function report(runs: readonly string[], flags: ReportFlags, output: Output): Promise<void> {
  const { readRun, runNames, writeReport } = await import("@lowerbound/reports");
  const directories = await distinctFolders(runs);
  const names = runNames(directories);
  const read = await Promise.all(directories.map((directory, at) => readRun(directory, names[at]!)));
  const records = read.filter(holdsRun);
  for (const { directory } of read.filter((each) => !holdsRun(each)))
    output.err(`note: ${directory} is left out: no run lies there\n`);
  if (records.length === 0) throw noRun(directories);
  const folder = flags.output ?? (directories.length === 1 ? directories[0]! : FOLDER);
  const options = { output: folder, summariser: overSeeds, comparison: overTasks };
  const { page, charts, notes } = await writeReport(records, options);
  for (const note of notes) output.err(`note: ${note}\n`);
  output.out(`${page}: ${records.length} run${records.length === 1 ? "" : "s"}, ${charts.length} files of charts\n`);
}

/** Each folder once, under the first path that leads to it; one that is not there is left to the reader to refuse. */
async function distinctFolders(paths: readonly string[]): Promise<readonly string[]> {
  const folders = new Map<string, string>();
  for (const path of paths) {
    const real = await realpath(path).catch(() => path);
    if (!folders.has(real)) folders.set(real, path);
  }
  return [...folders.values()];
}

/** `runs/*` also names the folder of the parts that runs share. */
const holdsRun = ({ config, result, rows }: RunRecord): boolean =>
  config !== undefined || result !== undefined || rows.length > 0;

const noRun = (directories: readonly string[]): FileError =>
  new FileError("no run lies there", {
    where: directories.join(", "),
    expected: "a directory that lowerbound train made (with config.json)",
    remedy: "check the path",
  });
