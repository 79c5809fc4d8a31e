import { keptIn } from "./kept.js";
import { tableWithCommands, writeBetween } from "./page.js";
import { FinishedRow, minutesOf, modelReturnText } from "./result.js";
import { acrossDatasets, perDataset } from "./summary.js";

const PAGE = "docs/results.md";

export const finishedRows = keptIn("docs/results/rows", FinishedRow);

/** Write the tables of all finished rows into the results page, between their markers. */
export async function writeTables(): Promise<void> {
  const finished = await finishedRows.readAll();
  await writeBetween(PAGE, "summary", [perDataset(finished), ...acrossDatasets(finished)].join("\n").trimEnd());
  await writeBetween(PAGE, "rows", tableOf(finished));
}

function tableOf(finished: readonly FinishedRow[]): string {
  const head = ["dataset", "method", "updates", "seed", "behaviour", "in the model", "in truth", "score", "minutes"];
  const order = [...finished].sort((a, b) => key(a).localeCompare(key(b)));
  const commands = order.map(({ command }) => command);
  return tableWithCommands(head, order.map(cellsOf), commands);
}

const key = ({ dataset, updates, algorithm, seed }: FinishedRow): string =>
  `${dataset}|${String(updates).padStart(9, "0")}|${algorithm}|${seed}`;

const cellsOf = (row: FinishedRow): string[] => [
  row.dataset,
  row.algorithm,
  String(row.updates),
  String(row.seed),
  row.behaviour.toFixed(0),
  modelReturnText(row.modelReturn),
  `${row.trueReturn.toFixed(0)} ± ${row.trueStd.toFixed(0)}`,
  row.score?.toFixed(1) ?? "",
  minutesOf(row).toFixed(1),
];
