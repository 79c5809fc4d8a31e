import { basename } from "node:path";
import type { RunRecord } from "./read-run.js";

/** Runs of one configuration, seeds apart. */
export interface Group {
  readonly label: string;
  readonly runs: readonly RunRecord[];
}

/** Entries that change neither what a run learns nor what is measured of it. */
const ASIDE: readonly string[] = [
  "seed",
  "engine",
  "logger",
  "run",
  ...["every", "parallel", "seed", "workers"].map((option) => `evaluation.${option}`),
];
/** Options that a label names at most. */
const NAMED = 3;

/** Group runs of the same log whose configurations differ by the seed alone, in the order in which they are given. */
export function groupRuns(runs: readonly RunRecord[]): readonly Group[] {
  const groups = new Map<string, RunRecord[]>();
  for (const run of runs) {
    const key = JSON.stringify([configurationOf(run), contentOf(run, runs)]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const members = [...groups.values()];
  const labels = labelsOf(members.map(([first]) => first!));
  return members.map((each, at) => ({ label: labels[at]!, runs: each }));
}

const configurationOf = (run: RunRecord): string =>
  run.config === undefined ? `no configuration: ${run.name}` : JSON.stringify([...optionsOf(run)]);

/** The log's fingerprint; of a run that has not recorded it, the one that all others of its configuration share. */
function contentOf(run: RunRecord, runs: readonly RunRecord[]): string | undefined {
  const own = run.result?.dataset?.fingerprint;
  if (own !== undefined) return own;
  const alike = runs.filter((other) => configurationOf(other) === configurationOf(run));
  const contents = new Set(alike.flatMap(({ result }) => result?.dataset?.fingerprint ?? []));
  return contents.size === 1 ? [...contents][0] : undefined;
}

/** Options as paths and texts; of a dataset's path the name alone, as seeds may have copies of their own. */
function optionsOf({ config = {} }: RunRecord): ReadonlyMap<string, string> {
  const leaves = Object.entries(config).flatMap(([name, value]) => flatten(name, value));
  const kept = leaves.filter(([path]) => !ASIDE.some((aside) => path === aside || path.startsWith(`${aside}.`)));
  return new Map(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An object, or a list with objects in it, such as the parts of a sum; a list of plain values is a leaf. */
const isBranch = (value: unknown): value is object =>
  Array.isArray(value) ? value.some(isBranch) : value !== null && typeof value === "object";

/** Leaves of a configuration: [path, text]. */
export function flatten(path: string, value: unknown): readonly (readonly [string, string])[] {
  if (isBranch(value)) {
    return Object.entries(value).flatMap(([name, inner]) => flatten(`${path}.${name}`, inner));
  }
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return [[path, path.endsWith(".path") ? basename(text) : text]];
}

/** The algorithm's type, the dataset where there are several, then what else tells groups apart. */
function labelsOf(firsts: readonly RunRecord[]): readonly string[] {
  const datasets = new Set(firsts.map(datasetOf));
  const heads = firsts.map((run) => [algorithmOf(run), ...(datasets.size > 1 ? [datasetOf(run)] : [])].join(" · "));
  const labels = firsts.map((run, at) => {
    const rivals = firsts.filter((_, other) => heads[other] === heads[at]);
    return [heads[at]!, ...differing(run, rivals)].join(" · ");
  });
  return labels.map((label, at) => (labels.indexOf(label) === at ? label : `${label} · ${firsts[at]!.name}`));
}

export const algorithmOf = (run: RunRecord): string => optionsOf(run).get("algorithm.type") ?? run.name;

export const datasetOf = (run: RunRecord): string =>
  run.result?.dataset?.name ?? (optionsOf(run).get("dataset.path") ?? "unknown data").replace(/\.\w+$/, "");

function differing(run: RunRecord, rivals: readonly RunRecord[]): readonly string[] {
  const own = optionsOf(run);
  const others = rivals.map(optionsOf);
  const paths = new Set(others.flatMap((each) => [...each.keys()]));
  const telling = [...paths].filter((path) => new Set(others.map((each) => each.get(path))).size > 1);
  const shown = telling.filter((path) => own.has(path)).slice(0, NAMED);
  return shown.map((path) => `${shortName(path)} ${own.get(path)}`);
}

const shortName = (path: string): string => (path.endsWith(".type") ? path.slice(0, -5) : path.split(".").at(-1)!);
