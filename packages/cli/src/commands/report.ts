import type { Command } from "commander";
import type { Output } from "../output.js";
import { overSeeds } from "./over-seeds.js";

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
        "differ by their seed alone are put together: interquartile mean with a bootstrap interval. Every number comes " +
        "from the runs' files; what is missing or torn is named in the page.",
    )
    .option("--output <dir>", `where to write (default: the run's directory; of several runs, ${FOLDER})`)
    .action((runs: readonly string[], flags: ReportFlags) => report(runs, flags, output));
}

async function report(runs: readonly string[], flags: ReportFlags, output: Output): Promise<void> {
  const { readRun, runNames, writeReport } = await import("@lowerbound/reports");
  const directories = [...new Set(runs)];
  const names = runNames(directories);
  const records = await Promise.all(directories.map((directory, at) => readRun(directory, names[at]!)));
  const folder = flags.output ?? (directories.length === 1 ? directories[0]! : FOLDER);
  const { page, charts, notes } = await writeReport(records, { output: folder, summariser: overSeeds });
  for (const note of notes) output.err(`note: ${note}\n`);
  output.out(`${page}: ${records.length} run${records.length === 1 ? "" : "s"}, ${charts.length} files of charts\n`);
}
