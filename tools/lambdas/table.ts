import { tableWithCommands } from "../experiments/page.js";
import { GRID } from "./cells.js";
import type { LambdaRow } from "./row.js";

const figure = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? "";

/** A grid a dataset, its coefficients in rising order, what was chosen, and the commands that made them. */
export function lambdaTables(rows: readonly LambdaRow[]): string {
  if (rows.length === 0) return "_No grid has been made yet._";
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))].sort();
  return datasets
    .map((name) =>
      gridOf(
        name,
        rows.filter(({ dataset }) => dataset === name),
      ),
    )
    .join("\n\n");
}

const head = ["lambda", "in the model", "in truth", "score", "place", "judged without the environment"];

function gridOf(dataset: string, rows: readonly LambdaRow[]): string {
  const grid = rows.filter(({ selection }) => selection === null);
  const order = [...grid].sort((a, b) => a.penaltyCoefficient - b.penaltyCoefficient);
  const chosen = rows.find(({ selection }) => selection !== null);
  const cells = order.map((row) => cellsOf(row, grid, chosen));
  const commands = [...order, ...(chosen === undefined ? [] : [chosen])].map(({ command }) => command);
  return `### ${dataset}\n\n${captionOf(rows[0]!, grid, chosen)}\n\n${tableWithCommands(head, cells, commands)}`;
}

function captionOf({ updates, behaviour }: LambdaRow, grid: readonly LambdaRow[], chosen?: LambdaRow): string {
  const missing = grid.length < GRID.length ? ` ${grid.length} of ${GRID.length} coefficients are there so far.` : "";
  const about = `${updates} updates; the log's mean return is ${behaviour.toFixed(0)}.${missing}`;
  if (chosen?.selection == null) return about;
  const { penaltyCoefficient, selection, trueReturn } = chosen;
  const rule =
    selection.coefficient === null ? selection.rule : `${selection.rule}, c = ${selection.coefficient.toPrecision(3)}`;
  const place = placeOf(penaltyCoefficient, grid);
  const found = `\`auto\` chose ${penaltyCoefficient} (${rule}), and got ${trueReturn.toFixed(0)} with it in its own model`;
  return place === undefined
    ? `${about} ${found}.`
    : `${about} ${found}: place ${place} of ${grid.length} in the grid.`;
}

/** Place by true return, 1 the best; undefined for what the grid lacks. */
export function placeOf(penaltyCoefficient: number, grid: readonly LambdaRow[]): number | undefined {
  const own = grid.find((row) => row.penaltyCoefficient === penaltyCoefficient);
  return own && 1 + grid.filter(({ trueReturn }) => trueReturn > own.trueReturn).length;
}

const cellsOf = (row: LambdaRow, grid: readonly LambdaRow[], chosen?: LambdaRow): string[] => {
  const judged = chosen?.selection?.candidates.find((each) => each.penaltyCoefficient === row.penaltyCoefficient);
  return [
    String(row.penaltyCoefficient),
    figure(row.modelReturn, 0),
    `${row.trueReturn.toFixed(0)} ± ${row.trueStd.toFixed(0)}`,
    figure(row.score, 1),
    String(placeOf(row.penaltyCoefficient, grid)),
    figure(judged?.score, 1),
  ];
};
