import { datasetNames } from "../runs/dataset-names.js";
import { algorithmOf, type Group } from "../runs/group.js";
import type { Summariser, TaskComparison, TaskScores } from "../runs/summary.js";
import type { ChartSection, Table } from "./chart.js";
import { curves } from "./curves.js";
import { present } from "./frame.js";

/** A configuration with the scores of its runs on every dataset, [tasks][runs]. */
interface Method {
  readonly label: string;
  readonly scores: TaskScores;
}

/** Levels of a profile between the least and the largest score. */
const LEVELS = 40;

/** Configurations compared over all datasets of the report, by normalised score; undefined of fewer than two datasets. */
export function taskCharts(
  groups: readonly Group[],
  how: Summariser,
  comparison: TaskComparison,
): ChartSection | undefined {
  const measured = measuredOf(groups);
  const tasks = [...new Set(measured.map(({ dataset }) => dataset))].sort();
  if (tasks.length < 2) return undefined;
  const methods = methodsOf(measured, tasks);
  const left = [...new Set(measured.map(({ label }) => label))].filter(
    (label) => !methods.some((method) => method.label === label),
  );
  return {
    id: "tasks",
    title: `Over all ${tasks.length} datasets`,
    charts: present(profileChart(methods, how, comparison)),
    notes: left.length === 0 ? [] : [`Not measured equally often on every dataset, and left out: ${left.join("; ")}.`],
    tables: methods.length === 0 ? [] : [methodTable(methods, how, comparison)],
  };
}

interface Measured {
  readonly label: string;
  readonly dataset: string;
  readonly score: number;
}

/** Runs with a score; the label is the group's, less the dataset in it. */
function measuredOf(groups: readonly Group[]): readonly Measured[] {
  const datasetOf = datasetNames(groups.flatMap(({ runs }) => runs));
  return groups.flatMap(({ label, runs }) =>
    runs.flatMap((run) => {
      const score = run.result?.evaluation?.normalisedScore;
      const dataset = datasetOf(run);
      const head = `${algorithmOf(run)} · ${dataset}`;
      const method = label.startsWith(head) ? `${algorithmOf(run)}${label.slice(head.length)}` : label;
      return score === undefined ? [] : [{ label: method, dataset, score }];
    }),
  );
}

function methodsOf(measured: readonly Measured[], tasks: readonly string[]): readonly Method[] {
  const labels = [...new Set(measured.map(({ label }) => label))];
  const methods = labels.map((label) => ({
    label,
    scores: tasks.map((task) =>
      measured.flatMap((each) => (each.label === label && each.dataset === task ? each.score : [])),
    ),
  }));
  const runs = ({ scores }: Method): number => scores[0]!.length;
  return methods.filter((method) => runs(method) > 0 && method.scores.every(({ length }) => length === runs(method)));
}

/** Performance profiles: the share of runs above each score. Source: Agarwal et al. 2021, section 4.2. */
function profileChart(methods: readonly Method[], how: Summariser, { profile }: TaskComparison) {
  const all = methods.flatMap(({ scores }) => scores.flat());
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const levels = Array.from({ length: LEVELS + 1 }, (_, at) => least + (at / LEVELS) * (most - least));
  return curves({
    id: "performance-profiles",
    title: "Performance profiles",
    subtitle: `Share of the runs of all datasets that score above each level; a line above another at every level is better. Band: ${how.interval}`,
    x: "score (100: expert, 0: random)",
    y: "share of runs",
    xFormat: ".0f",
    yFormat: ".0%",
    series: methods.map(({ label, scores }, at) => ({
      label,
      colour: at,
      dash: at,
      points: profile(scores, levels).map((summary, level) => ({
        step: levels[level]!,
        runs: scores.flat().length,
        ...summary,
      })),
    })),
  });
}

/** Scores over all datasets and, against the first configuration, the probability of improvement. */
function methodTable(methods: readonly Method[], how: Summariser, comparison: TaskComparison): Table {
  const [first, ...others] = methods;
  const line = ({ label, scores }: Method) => {
    const { centre, low, high } = comparison.overTasks(scores);
    return [label, scores[0]!.length, centre, low, high];
  };
  return {
    columns: [
      "configuration",
      "runs a dataset",
      `score, ${how.centre}`,
      "interval from",
      "interval to",
      `probability of improvement on ${first!.label}`,
      "interval from",
      "interval to",
    ],
    rows: [
      line(first!),
      ...others.map((method) => {
        const { centre, low, high } = comparison.improvement(method.scores, first!.scores);
        return [...line(method), centre, low, high];
      }),
    ],
  };
}
