import type { TopLevelSpec } from "vega-lite";
import { colourAt, muted } from "../render/theme.js";
import { datasetNames } from "../runs/dataset-names.js";
import type { Group } from "../runs/group.js";
import type { Summariser, Summary } from "../runs/summary.js";
import type { Chart, ChartSection } from "./chart.js";
import { chart, framed, HEIGHT, type Heading, present } from "./frame.js";
import { modelAgainstTruth } from "./model-against-truth.js";
import { learningCurves } from "./training.js";

/** A run's figures after training. */
export interface Outcome {
  readonly group: string;
  readonly run: string;
  readonly trueReturn: number | undefined;
  /** Null where the model diverged. */
  readonly modelReturn: number | null | undefined;
}

export const outcomesOf = (groups: readonly Group[]): readonly Outcome[] =>
  groups.flatMap(({ label, runs }) =>
    runs.map(({ name, result }) => ({
      group: label,
      run: name,
      trueReturn: result?.evaluation?.mean,
      modelReturn: result?.imagined?.mean,
    })),
  );

export const valuesOf = (outcomes: readonly Outcome[], group: string, which: "trueReturn" | "modelReturn") =>
  outcomes.flatMap((each) => (each.group === group ? (each[which] ?? []) : []));

/** The mean return of the data, where all runs learn from the same. */
export function behaviourReturn(groups: readonly Group[]): number | undefined {
  const runs = groups.flatMap((group) => group.runs);
  const means = runs.map(({ result }) => result?.dataset?.returns?.mean).filter((mean) => mean !== undefined);
  return new Set(runs.map(datasetNames(runs))).size === 1 ? means[0] : undefined;
}

/** Returns after training: what each policy earns, and what the model promised. */
export function returnCharts(groups: readonly Group[], how: Summariser): ChartSection {
  const final = finalReturns(groups, how);
  const curve = learningCurves(groups, how, behaviourReturn(groups));
  return {
    id: "returns",
    title: "Returns",
    charts: present(final, curve, modelAgainstTruth(groups)),
    notes: [
      ...(outcomesOf(groups).every(({ trueReturn }) => trueReturn === undefined) ? [NO_RETURN] : []),
      ...(curve === undefined ? [NO_CURVE] : []),
    ],
  };
}

const NO_RETURN = "No run has a true return: none ended with an evaluation.";
const NO_CURVE =
  "No run measured true returns during training: that is the default, as training must not look at the simulator. " +
  "The option evaluation.every asks for them.";

function finalReturns(groups: readonly Group[], how: Summariser): Chart | undefined {
  const outcomes = outcomesOf(groups);
  const drawn = groups.filter(({ label }) => valuesOf(outcomes, label, "trueReturn").length > 0);
  if (outcomes.filter(({ trueReturn }) => trueReturn !== undefined).length < 2) return undefined;
  const title = "True return after training";
  const several = drawn.some(({ label }) => valuesOf(outcomes, label, "trueReturn").length > 1);
  const subtitle = several ? `Ring: a seed; tick: ${how.centre}; line: ${how.interval}` : "One run each";
  const summaries = drawn.map(({ label }) => ({ label, ...how.summarise(valuesOf(outcomes, label, "trueReturn")) }));
  return chart(
    "final-returns",
    { title, subtitle },
    "Horizontal: return; vertical: configurations, one a row.",
    finalSpec({ title, subtitle }, groups, summaries, outcomes),
    {
      columns: ["configuration", "run", "true return"],
      rows: outcomes.map(({ group, run, trueReturn }) => [group, run, trueReturn]),
    },
  );
}

function finalSpec(
  heading: Heading,
  groups: readonly Group[],
  summaries: readonly (Summary & { readonly label: string })[],
  outcomes: readonly Outcome[],
): TopLevelSpec {
  const order = summaries.map(({ label }) => label);
  const range = order.map((label) => colourAt(groups.findIndex((group) => group.label === label)));
  const y = {
    field: "label",
    type: "nominal" as const,
    sort: order,
    title: null,
    axis: { labelLimit: 240, grid: false },
  };
  const color = { field: "label", type: "nominal" as const, scale: { domain: order, range }, legend: null };
  const x = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: "return (undiscounted, reward units)",
    scale: { zero: false, padding: 12 },
    axis: { grid: true },
  });
  const seeds = outcomes.flatMap(({ group, trueReturn }) =>
    trueReturn === undefined ? [] : [{ label: group, value: trueReturn }],
  );
  const behaviour = behaviourReturn(groups);
  return {
    ...framed(heading, Math.max(HEIGHT, 44 * order.length)),
    layer: [
      ...(behaviour === undefined ? [] : [behaviourRule(behaviour, x("value"))]),
      {
        data: { values: summaries.filter(({ low }) => low !== undefined).map((each) => ({ ...each })) },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { y, x: x("low"), x2: { field: "high" }, color },
      },
      {
        data: { values: summaries.map((each) => ({ ...each })) },
        mark: { type: "tick", thickness: 4, size: 20, opacity: 1 },
        encoding: { y, x: x("centre"), color },
      },
      {
        data: { values: seeds },
        mark: { type: "point", size: 46, strokeWidth: 1.5, opacity: 1 },
        encoding: { y, x: x("value"), color },
      },
    ],
  };
}

function behaviourRule(value: number, x: object) {
  const data = { values: [{ value, text: `data: ${value.toFixed(0)}` }] };
  return {
    data,
    encoding: { x, color: { value: muted.light } },
    layer: [
      { mark: { type: "rule" as const, strokeDash: [3, 3] } },
      {
        mark: { type: "text" as const, align: "left" as const, baseline: "bottom" as const, dx: 4, fontSize: 11 },
        encoding: { text: { field: "text" }, y: { value: -2 } },
      },
    ],
  };
}
