import { datasetNames } from "./dataset-names.js";
import { optionsOf } from "./options.js";
import type { RunRecord } from "./read-run.js";

/** Runs of one configuration, seeds apart. */
export interface Group {
  readonly label: string;
  readonly runs: readonly RunRecord[];
}

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
  const labels = labelsOf(
    members.map(([first]) => first!),
    datasetNames(runs),
  );
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

/** Groups in which runs have the same seed: they are one seed, and count as several. */
export function repeatedSeeds(groups: readonly Group[]): readonly string[] {
  return groups.flatMap(({ label, runs }) => {
    const seeds = new Map<unknown, string[]>();
    for (const { config, name } of runs) seeds.set(config?.seed, [...(seeds.get(config?.seed) ?? []), name]);
    return [...seeds].flatMap(([seed, names]) =>
      seed === undefined || names.length < 2
        ? []
        : [`${label}: ${names.join(", ")} have the same seed, ${seed}, and count as ${names.length}`],
    );
  });
}

/** The algorithm's type, the dataset where there are several, then what else tells groups apart. */
function labelsOf(firsts: readonly RunRecord[], datasetOf: (run: RunRecord) => string): readonly string[] {
  const datasets = new Set(firsts.map(datasetOf));
  const heads = firsts.map((run) => [algorithmOf(run), ...(datasets.size > 1 ? [datasetOf(run)] : [])].join(" · "));
  const labels = firsts.map((run, at) => {
    const rivals = firsts.filter((_, other) => heads[other] === heads[at]);
    return [heads[at]!, ...differing(run, rivals)].join(" · ");
  });
  return labels.map((label, at) => (labels.indexOf(label) === at ? label : `${label} · ${firsts[at]!.name}`));
}

export const algorithmOf = (run: RunRecord): string => optionsOf(run).get("algorithm.type") ?? run.name;

function differing(run: RunRecord, rivals: readonly RunRecord[]): readonly string[] {
  const own = optionsOf(run);
  const others = rivals.map(optionsOf);
  const paths = new Set(others.flatMap((each) => [...each.keys()]));
  const telling = [...paths].filter((path) => new Set(others.map((each) => each.get(path))).size > 1);
  const shown = telling.filter((path) => own.has(path)).slice(0, NAMED);
  return shown.map((path) => `${shortName(path)} ${own.get(path)}`);
}

const shortName = (path: string): string => (path.endsWith(".type") ? path.slice(0, -5) : path.split(".").at(-1)!);
