/** One row of the table of results: a training run, made by one command. */
export interface Row {
  readonly name: string;
  readonly task: "hopper" | "halfcheetah";
  readonly algorithm: "mopo" | "naive";
  readonly seed: number;
  readonly updates: number;
}

const TASKS = ["hopper", "halfcheetah"] as const;
const ALGORITHMS = ["mopo", "naive"] as const;
const SEEDS = [0, 1, 2];

const row = (task: Row["task"], algorithm: Row["algorithm"], seed: number, updates: number): Row => ({
  name: `${task}-medium-replay-${algorithm}-${updates / 1000}k-${seed}`,
  task,
  algorithm,
  seed,
  updates,
});

/** In the order in which they are made: every task and algorithm once before the next seed, long ones last. */
export const rows: readonly Row[] = [
  ...SEEDS.flatMap((seed) => TASKS.flatMap((task) => ALGORITHMS.map((each) => row(task, each, seed, 30_000)))),
  ...ALGORITHMS.map((each) => row("halfcheetah", each, 0, 100_000)),
];

/** The dataset's file, as the command names it; it lies in the folder that `--data` gives. */
export const fileOf = ({ task }: Row): string => `${task}-medium-replay.hdf5`;

/** What makes the row: arguments of `lowerbound`. */
export const argumentsOf = (row: Row, data: string, runs: string): string[] => [
  "train",
  "--config",
  `docs/results/configs/${row.task}-medium-replay-${row.algorithm}.yaml`,
  "--dataset.path",
  `${data}/${fileOf(row)}`,
  "--algorithm.updates",
  String(row.updates),
  "--seed",
  String(row.seed),
  "--directory",
  `${runs}/${row.name}`,
];
