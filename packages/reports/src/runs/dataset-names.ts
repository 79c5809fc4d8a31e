import { basename, dirname } from "node:path";
import { optionsOf } from "./options.js";
import type { RunRecord } from "./read-run.js";

/**
 * What to call the log of each of some runs: its name, with its folder where logs of other content have that name too,
 * and with its fingerprint where that does not tell them apart.
 */
export function datasetNames(runs: readonly RunRecord[]): (run: RunRecord) => string {
  // Copies of a log are called as the first of them.
  const first = (run: RunRecord) =>
    runs.find((other) => datasetName(other) === datasetName(run) && contentOf(other) === contentOf(run)) ?? run;
  const ways = [datasetName, nameInFolder].map((way) => (run: RunRecord) => way(first(run)));
  const tells = (way: (run: RunRecord) => string, run: RunRecord) =>
    runs.every((other) => way(other) !== way(run) || !areOther(run, other));
  return (run) => (ways.find((way) => tells(way, run)) ?? nameWithContent)(run);
}

const datasetName = (run: RunRecord): string =>
  run.result?.dataset?.name ?? (optionsOf(run).get("dataset.path") ?? "unknown data").replace(/\.\w+$/, "");

const contentOf = ({ result }: RunRecord): string | undefined => result?.dataset?.fingerprint;

/** Whether two runs are known to have learnt from logs of other content, and not from another share or reading of one. */
const areOther = (a: RunRecord, b: RunRecord): boolean =>
  contentOf(a) !== undefined &&
  contentOf(b) !== undefined &&
  contentOf(a) !== contentOf(b) &&
  readingOf(a) === readingOf(b);

/** What of a log is read, and how: the dataset's options but for where the log lies. */
function readingOf(run: RunRecord): string {
  const options = [...optionsOf(run)].filter(([path]) => path.startsWith("dataset.") && !path.endsWith(".path"));
  return JSON.stringify(options);
}

function nameInFolder(run: RunRecord): string {
  const path = run.result?.dataset?.path;
  return path === undefined ? datasetName(run) : `${basename(dirname(path))}/${datasetName(run)}`;
}

const nameWithContent = (run: RunRecord): string => `${datasetName(run)} ${contentOf(run)?.slice(0, 8)}`;
