import { type DatasetName, datasets, fileOf } from "../experiments/datasets.js";
import { typed } from "../experiments/lowerbound.js";

/** Coefficients of the grid: those that `auto` chooses from by default. */
export const GRID = [0.1, 0.5, 1, 2.5, 5, 10] as const;

/** A training run of the grid: MOPO under one coefficient, or under the one that it chooses itself. */
export interface Cell {
  readonly name: string;
  readonly dataset: DatasetName;
  readonly penaltyCoefficient: number | "auto";
}

/** A dataset's grid, then its choice: in the order in which they are made. */
export const cells: readonly Cell[] = datasets.flatMap((dataset) =>
  [...GRID, "auto" as const].map((penaltyCoefficient) => ({
    name: `${dataset}-lambda-${penaltyCoefficient}`,
    dataset,
    penaltyCoefficient,
  })),
);

export interface CellSettings {
  readonly updates: string;
  /** Flags that every run gets besides. */
  readonly flags: readonly string[];
}

/** What makes a cell: arguments of `lowerbound`. */
export const argumentsOf = (
  { name, dataset, penaltyCoefficient }: Cell,
  { updates, flags }: CellSettings,
  { data, runs }: { readonly data: string; readonly runs: string },
): string[] => [
  "train",
  ...["--config", `docs/results/configs/${dataset}-mopo.yaml`, "--dataset.path", `${data}/${fileOf(dataset)}`],
  ...["--algorithm.penaltyCoefficient", String(penaltyCoefficient), "--algorithm.updates", updates],
  ...(penaltyCoefficient === "auto" ? ["--algorithm.candidateUpdates", updates] : []),
  ...["--directory", `${runs}/${name}`],
  ...flags,
];

/** The cell's command as a reader types it, the dataset in the folder where they are. */
export const commandOf = (cell: Cell, settings: CellSettings): string =>
  typed(argumentsOf(cell, settings, { data: ".", runs: "runs" }));
