import { type DatasetName, datasets, fileOf } from "./datasets.js";
import { typed } from "./lowerbound.js";

/** One row of the table of results: a training run, made by one command. */
export interface Row {
  readonly name: string;
  readonly dataset: DatasetName;
  readonly algorithm: Method;
  readonly seed: number;
  readonly updates: number;
}

/** Methods with three seeds everywhere, then those with one. */
const compared = ["behaviour-cloning", "mopo", "naive", "combo", "morel"] as const;
const baselines = ["cql", "td3-bc", "iql"] as const;
/** MOReL with PPO, with one seed, whose ensemble serves those of the table. */
const onPolicy = "morel-ppo";
/** As `naive` and `mopo`, in an ensemble of five epochs: there naive trusts what is wrong. */
const short = ["naive-short", "mopo-short"] as const;
/** As `naive` and `mopo`, in an ensemble of 15 epochs and with the demo's other settings. */
const brief = ["mopo-brief", "naive-brief"] as const;
export type Method =
  | (typeof compared)[number]
  | (typeof baselines)[number]
  | typeof onPolicy
  | (typeof short)[number]
  | (typeof brief)[number];

const PUBLISHED = ["hopper-medium-replay", "halfcheetah-medium-replay"] as const;
const SEEDS = [0, 1, 2];
/** Seed of the long rows that go on from those of the table. */
const LONG_SEED = 2;

const row = (dataset: DatasetName, algorithm: Method, seed: number, updates: number): Row => ({
  name: `${dataset}-${algorithm}-${updates / 1000}k-${seed}`,
  dataset,
  algorithm,
  seed,
  updates,
});

const sameTask = (a: Row, b: Row): boolean => a.dataset === b.dataset && a.algorithm === b.algorithm;

/** Rows of the same run with fewer updates, which it can go on from, the longest first. */
export const shorterOf = (long: Row): readonly Row[] =>
  rows
    .filter((each) => sameTask(each, long) && each.seed === long.seed && each.updates < long.updates)
    .sort((a, b) => b.updates - a.updates);

/** MOPO beside the naive method: every dataset and method once before the next seed, long ones last. */
const published: readonly Row[] = [
  ...SEEDS.flatMap((seed) =>
    PUBLISHED.flatMap((dataset) => (["mopo", "naive"] as const).map((each) => row(dataset, each, seed, 30_000))),
  ),
  ...(["mopo", "naive"] as const).map((each) => row("halfcheetah-medium-replay", each, 0, 100_000)),
  ...short.map((each) => row("halfcheetah-medium-replay", each, 0, 30_000)),
  ...SEEDS.flatMap((seed) => brief.map((each) => row("halfcheetah-medium-replay", each, seed, 45_000))),
];

/** Every method on every dataset: a whole table of one seed first, long ones last. */
const table: readonly Row[] = [
  ...datasets.flatMap((dataset) => compared.map((each) => row(dataset, each, 0, 20_000))),
  ...datasets.flatMap((dataset) => baselines.map((each) => row(dataset, each, 0, 20_000))),
  ...[1, 2].flatMap((seed) => datasets.flatMap((dataset) => compared.map((each) => row(dataset, each, seed, 20_000)))),
  ...datasets.map((dataset) => row(dataset, onPolicy, 1, 20_000)),
  ...(["mopo", "naive"] as const).map((each) => row("halfcheetah-medium-expert", each, 1, 100_000)),
  ...datasets.flatMap((dataset) =>
    (["mopo", "combo", "naive"] as const).map((each) => row(dataset, each, LONG_SEED, 100_000)),
  ),
];

const names = new Set(published.map(({ name }) => name));

/** In the order in which they are made. */
export const rows: readonly Row[] = [...published, ...table.filter(({ name }) => !names.has(name))];

/** Settings depend on the dataset for MOPO and what it is compared with, on its kind for COMBO. */
function configOf({ dataset, algorithm }: Row): string {
  if (/^(mopo|naive)/.test(algorithm)) return `${dataset}-${algorithm}`;
  return algorithm === "combo" ? `${dataset.slice(dataset.indexOf("-") + 1)}-combo` : algorithm;
}

/** What makes the row: arguments of `lowerbound`. */
export const argumentsOf = (row: Row, data: string, runs: string): string[] => [
  "train",
  "--config",
  `docs/results/configs/${configOf(row)}.yaml`,
  "--dataset.path",
  `${data}/${fileOf(row.dataset)}`,
  "--algorithm.updates",
  String(row.updates),
  "--seed",
  String(row.seed),
  "--directory",
  `${runs}/${row.name}`,
];

/** The row's command as a reader types it, the dataset in the folder where they are. */
export const commandOf = (row: Row): string => typed(argumentsOf(row, ".", "runs"));
