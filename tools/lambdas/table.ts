import { tableWithCommands } from "../experiments/page.js";
import type { Candidate, LambdaRow } from "./row.js";

const figure = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? "";

/** A grid a choice: its candidates in rising order, what was chosen, and the commands that made them. */
export function lambdaTables(rows: readonly LambdaRow[]): string {
  if (rows.length === 0) return "_No grid has been made yet._";
  return rows
    .map((row) => {
      const grid = [...row.candidates].sort((a, b) => a.penaltyCoefficient - b.penaltyCoefficient);
      const cells = grid.map((each) => cellsOf(each, row));
      return `### ${row.dataset}, seed ${row.seed}\n\n${captionOf(row)}\n\n${tableWithCommands(head, cells, row.commands)}`;
    })
    .join("\n\n");
}

const head = ["lambda", "model return", "sum of u", "judged by auto", "in truth", "score", "place"];

function captionOf(row: LambdaRow): string {
  const { updates, behaviour, rule, coefficient, reach, penaltyCoefficient, candidates } = row;
  const within = reach === null ? "" : `, u to ${reach.toPrecision(3)}`;
  const by = coefficient === null ? rule : `${rule}, c = ${coefficient.toPrecision(3)}${within}`;
  const place = placeOf(penaltyCoefficient, candidates);
  const choice = `\`auto\` chose ${penaltyCoefficient} (${by}): place ${place} of ${candidates.length} by true return.`;
  return `${updates} updates a candidate; the log's mean return is ${behaviour.toFixed(0)}. ${choice}`;
}

/** Place by true return, 1 the best; undefined for what the grid lacks. */
export function placeOf(penaltyCoefficient: number, grid: readonly Candidate[]): number | undefined {
  const own = grid.find((each) => each.penaltyCoefficient === penaltyCoefficient);
  return own && 1 + grid.filter(({ truth }) => truth.mean > own.truth.mean).length;
}

const cellsOf = (candidate: Candidate, { candidates, penaltyCoefficient }: LambdaRow): string[] => {
  const { modelReturn, uncertainty, score, truth } = candidate;
  const lambda = String(candidate.penaltyCoefficient);
  return [
    candidate.penaltyCoefficient === penaltyCoefficient ? `**${lambda}**` : lambda,
    figure(modelReturn, 1),
    figure(uncertainty, 1),
    figure(score, 1),
    `${truth.mean.toFixed(0)} ± ${truth.std.toFixed(0)}`,
    figure(truth.normalisedScore, 1),
    String(placeOf(candidate.penaltyCoefficient, candidates)),
  ];
};
