import { type DatasetName, datasets, fileOf } from "../experiments/datasets.js";
import { typed } from "../experiments/lowerbound.js";

/** A run of MOPO that chooses its coefficient itself; its candidates are the grid. */
export interface Choice {
  readonly name: string;
  readonly dataset: DatasetName;
  readonly seed: string;
}

export interface ChoiceSettings {
  /** Updates of each candidate, and of the training proper. */
  readonly updates: string;
  /** Flags that every run gets besides. */
  readonly flags: readonly string[];
}

/** One a dataset, in the order in which they are made. */
export const choicesOf = (seed: string): readonly Choice[] =>
  datasets.map((dataset) => ({ name: `${dataset}-auto-${seed}`, dataset, seed }));

/** What makes a choice: arguments of `lowerbound`. */
export const trainArguments = (
  { name, dataset, seed }: Choice,
  { updates, flags }: ChoiceSettings,
  { data, runs }: { readonly data: string; readonly runs: string },
): string[] => [
  "train",
  ...["--config", `docs/results/configs/${dataset}-mopo.yaml`, "--dataset.path", `${data}/${fileOf(dataset)}`],
  ...["--algorithm.penaltyCoefficient", "auto"],
  ...["--algorithm.updates", updates, "--algorithm.candidateUpdates", updates],
  ...["--seed", seed, "--directory", `${runs}/${name}`],
  ...flags,
];

/** What shows a candidate of a finished run in the simulator. */
export const evaluateArguments = ({ name }: Choice, penaltyCoefficient: number, runs: string): string[] => [
  ...["evaluate", `${runs}/${name}`, "--checkpoint", `lambda-${penaltyCoefficient}`],
];

/** The commands as a reader types them, the dataset in the folder where they are. */
export const commandsOf = (choice: Choice, settings: ChoiceSettings, candidates: readonly number[]): string[] => [
  typed(trainArguments(choice, settings, { data: ".", runs: "runs" })),
  ...candidates.map((each) => typed(evaluateArguments(choice, each, "runs"))),
];
