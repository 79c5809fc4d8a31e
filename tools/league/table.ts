import { tableWithCommands } from "../experiments/page.js";
import { modelReturnText } from "../experiments/result.js";
import type { LeagueRow } from "./row.js";

const percent = (share: number | undefined): string => (share === undefined ? "" : `${(100 * share).toFixed(1)} %`);
const figure = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? "";

/** A table a dataset, the best return in truth first, and the commands that made them. */
export function leagueTables(rows: readonly LeagueRow[]): string {
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))].sort();
  return datasets
    .map((dataset) =>
      tableOf(
        dataset,
        rows.filter((row) => row.dataset === dataset),
      ),
    )
    .join("\n\n");
}

const head = [
  "penalty",
  "lambda",
  "in the model",
  "in truth",
  "score",
  "u >= error on data",
  "at equal mean",
  "on visits",
  "at equal mean",
  "rank on data",
  "rank on visits",
  "rollout",
];

function tableOf(dataset: string, rows: readonly LeagueRow[]): string {
  const order = [...rows].sort((a, b) => b.trueReturn - a.trueReturn);
  const [first] = order;
  const caption = `### ${dataset}\n\n${first?.updates} updates; the log's mean return is ${figure(first?.behaviour, 0)}.`;
  const commands = order.flatMap((row) => row.commands);
  return `${caption}\n\n${tableWithCommands(head, order.map(cellsOf), commands)}`;
}

const cellsOf = (row: LeagueRow): string[] => [
  row.penalty,
  row.coefficient.toPrecision(3),
  modelReturnText(row.modelReturn),
  `${row.trueReturn.toFixed(0)} ± ${row.trueStd.toFixed(0)}`,
  figure(row.score, 1),
  percent(row.heldOut.coverage),
  percent(row.heldOut.coverageAtEqualMean),
  percent(row.visits?.coverage),
  percent(row.visits?.coverageAtEqualMean),
  figure(row.heldOut.rankCorrelation, 2),
  figure(row.visits?.rankCorrelation, 2),
  `${row.cost.toFixed(2)} x`,
];
