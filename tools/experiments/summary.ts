// Methods over their seeds: interquartile means with stratified bootstrap intervals.
import { markdownTable } from "@lowerbound/cli";
import { Random } from "@lowerbound/core";
import {
  type Interval,
  interquartileMean,
  pairedInterval,
  probabilityOfImprovement,
  type Scores,
  scoresOf,
  stratifiedInterval,
} from "@lowerbound/evaluation";
import type { FinishedRow } from "./result.js";

const bootstrap = () => ({ random: Random.fromSeed(0).stream("results"), repetitions: 2000, confidence: 0.95 });

/** Rows by what `keyOf` says of them, keys in order. */
function groupsOf(rows: readonly FinishedRow[], keyOf: (row: FinishedRow) => string): [string, FinishedRow[]][] {
  const groups = new Map<string, FinishedRow[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

const padded = (updates: number): string => String(updates).padStart(9, "0");
const withInterval = (value: number, { low, high }: Interval, digits: number): string =>
  `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

/** The middle of scores, with an interval where there is more than one run: one run does not vary over seeds. */
function middleOf(scores: Scores, digits: number): string {
  const middle = interquartileMean(scores);
  if (scores.runs < 2) return middle.toFixed(digits);
  return withInterval(middle, stratifiedInterval(scores, interquartileMean, bootstrap()), digits);
}

const figure = (values: readonly number[], digits: number): string => middleOf(scoresOf([values]), digits);

/** A line for each dataset, number of updates and method. */
export function perDataset(finished: readonly FinishedRow[]): string {
  const head = ["dataset", "updates", "method", "seeds", "behaviour", "in the model", "in truth", "score"];
  const keyOf = ({ dataset, updates, algorithm }: FinishedRow) => `${dataset}|${padded(updates)}|${algorithm}`;
  return markdownTable(
    head,
    groupsOf(finished, keyOf).map(([, rows]) => cellsOf(rows)),
  );
}

function cellsOf(rows: readonly FinishedRow[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const diverged = rows.filter(({ modelReturn }) => modelReturn === "diverged").length;
  const inModel = rows.flatMap(({ modelReturn }) => (typeof modelReturn === "number" ? modelReturn : []));
  const scores = rows.flatMap(({ score }) => score ?? []);
  return [
    first.dataset,
    String(first.updates),
    first.algorithm,
    String(rows.length),
    first.behaviour.toFixed(0),
    diverged > 0 ? `diverged in ${diverged}` : inModel.length === 0 ? "" : figure(inModel, 0),
    figure(
      rows.map(({ trueReturn }) => trueReturn),
      0,
    ),
    scores.length === 0 ? "" : figure(scores, 1),
  ];
}

/** For each number of updates at which methods ran on the same datasets: scores over all, and against the naive method. */
export function acrossDatasets(finished: readonly FinishedRow[]): string[] {
  const scored = finished.filter(({ score }) => score !== undefined);
  return groupsOf(scored, ({ updates }) => padded(updates)).flatMap(([, rows]) => {
    const tasks = [...new Set(rows.map(({ dataset }) => dataset))].sort();
    const methods = groupsOf(rows, ({ algorithm }) => algorithm).flatMap(([algorithm, own]) => {
      const scores = balanced(own, tasks);
      return scores === undefined ? [] : [{ algorithm, scores }];
    });
    return tasks.length < 2 || methods.length < 2 ? [] : [tableOver(rows[0]!.updates, tasks.length, methods)];
  });
}

interface Method {
  readonly algorithm: string;
  readonly scores: Scores;
}

/** Scores of a method that ran on every dataset: of each its first seeds, as many as all have. */
function balanced(rows: readonly FinishedRow[], tasks: readonly string[]): Scores | undefined {
  const columns = tasks.map((task) =>
    rows
      .filter(({ dataset }) => dataset === task)
      .sort((a, b) => a.seed - b.seed)
      .map(({ score }) => score ?? 0),
  );
  const runs = Math.min(...columns.map(({ length }) => length));
  return runs === 0 ? undefined : scoresOf(columns.map((column) => column.slice(0, runs)));
}

function tableOver(updates: number, tasks: number, methods: readonly Method[]): string {
  const naive = methods.find(({ algorithm }) => algorithm === "naive")?.scores;
  const lines = methods.map(({ algorithm, scores }) => [
    algorithm,
    String(scores.runs),
    middleOf(scores, 1),
    naive === undefined || algorithm === "naive" ? "" : improvement(scores, naive),
  ]);
  const head = ["method", "seeds", "score", "probability of improvement on naive"];
  return `All ${tasks} datasets with ${updates} updates:\n\n${markdownTable(head, lines)}`;
}

function improvement(scores: Scores, naive: Scores): string {
  const probability = probabilityOfImprovement(scores, naive);
  if (Math.min(scores.runs, naive.runs) < 2) return probability.toFixed(2);
  return withInterval(probability, pairedInterval(scores, naive, probabilityOfImprovement, bootstrap()), 2);
}
