import type { TopLevelSpec } from "vega-lite";
import { colourAt, muted } from "../render/theme.js";
import { datasetOf, type Group } from "../runs/group.js";
import type { Summariser, Summary } from "../runs/summary.js";
import type { Chart, ChartSection } from "./chart.js";
import { chart, framed, HEIGHT, type Heading, present } from "./frame.js";
import { learningCurves } from "./training.js";

/** A run's figures after training. */
export interface Outcome {
  readonly group: string;
  readonly run: string;
  readonly trueReturn: number | undefined;
  readonly modelReturn: number | undefined;
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
  return new Set(runs.map(datasetOf)).size === 1 ? means[0] : undefined;
}

/** Returns after training: what each policy earns, and what the model promised. */
export function returnCharts(groups: readonly Group[], how: Summariser): ChartSection {
  const final = finalReturns(groups, how);
  const curve = learningCurves(groups, how, behaviourReturn(groups));
  return {
    id: "returns",
    title: "Returns",
    charts: present(final, modelAgainstTruth(groups), curve),
    notes: [...(final === undefined ? [NO_RETURN] : []), ...(curve === undefined ? [NO_CURVE] : [])],
  };
}

const NO_RETURN = "No run has a true return: none ended with an evaluation.";
const NO_CURVE =
  "No run measured true returns during training: that is the default, as training must not look at the simulator. " +
  "The option evaluation.every asks for them.";

function finalReturns(groups: readonly Group[], how: Summariser): Chart | undefined {
  const outcomes = outcomesOf(groups);
  const drawn = groups.filter(({ label }) => valuesOf(outcomes, label, "trueReturn").length > 0);
  if (drawn.length === 0) return undefined;
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
    ...framed(heading, 44 * order.length),
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

interface Pair {
  readonly series: string;
  readonly run: string;
  readonly truth: number;
  readonly model: number;
}

/** Episodes from the same start states, in the simulator and in the model. */
function pairsOf(groups: readonly Group[]): readonly Pair[] {
  return groups.flatMap(({ label, runs }) =>
    runs.flatMap(({ name, result }) => {
      const [truths, models] = [result?.evaluation?.returns ?? [], result?.imagined?.returns ?? []];
      if (truths.length !== models.length) return [];
      return truths.map((truth, at) => ({ series: label, run: name, truth, model: models[at]! }));
    }),
  );
}

function modelAgainstTruth(groups: readonly Group[]): Chart | undefined {
  const pairs = pairsOf(groups);
  if (pairs.length === 0) return undefined;
  const title = "Return in the model against true return";
  const subtitle =
    "Mark: an episode of the final policy, from one start in both; above the line the model promises too much";
  return chart(
    "model-against-truth",
    { title, subtitle },
    "Horizontal: true return; vertical: return in the model.",
    scatterSpec({ title, subtitle }, groups, pairs),
    {
      columns: ["configuration", "run", "true return", "return in the model"],
      rows: pairs.map(({ series, run, truth, model }) => [series, run, truth, model]),
    },
  );
}

const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];

function scatterSpec(heading: Heading, groups: readonly Group[], pairs: readonly Pair[]): TopLevelSpec {
  const all = pairs.flatMap(({ truth, model }) => [truth, model]);
  const margin = 0.05 * (Math.max(...all) - Math.min(...all) || 1);
  const domain = [Math.min(...all) - margin, Math.max(...all) + margin];
  const used = groups
    .map(({ label }, at) => ({ label, at }))
    .filter(({ label }) => pairs.some((pair) => pair.series === label));
  const labels = used.map(({ label }) => label);
  const axis = (field: string, name: string) => ({
    field,
    type: "quantitative" as const,
    title: name,
    scale: { domain, nice: false, zero: false },
  });
  return {
    ...framed(heading, HEIGHT + 40),
    layer: [
      {
        data: { values: domain.map((value) => ({ truth: value, model: value })) },
        mark: { type: "line", color: muted.light, strokeDash: [3, 3], strokeWidth: 1 },
        encoding: {
          x: axis("truth", "true return (reward units)"),
          y: axis("model", "return in the model (reward units)"),
        },
      },
      {
        data: { values: pairs.map((pair) => ({ ...pair })) },
        mark: { type: "point", size: 52, strokeWidth: 1.5, opacity: 0.85 },
        encoding: {
          x: axis("truth", "true return (reward units)"),
          y: axis("model", "return in the model (reward units)"),
          color: {
            field: "series",
            type: "nominal",
            scale: { domain: labels, range: used.map(({ at }) => colourAt(at)) },
          },
          shape: {
            field: "series",
            type: "nominal",
            scale: { domain: labels, range: used.map(({ at }) => SHAPES[at % SHAPES.length]!) },
          },
        },
      },
    ],
  };
}
