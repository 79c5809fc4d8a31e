import type { TopLevelSpec } from "vega-lite";
import { colourAt, dashAt, muted } from "../render/theme.js";
import type { CurvePoint } from "../runs/summary.js";
import type { Chart, Table } from "./chart.js";

/** A line of a chart of curves. */
export interface Series {
  readonly label: string;
  readonly colour: number;
  readonly dash: number;
  readonly points: readonly CurvePoint[];
}

export interface CurvesOptions {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** A level to compare with, such as the return of the data. */
  readonly level?: { readonly label: string; readonly value: number } | undefined;
  readonly logarithmic?: boolean;
}

export const WIDTH = 520;
export const HEIGHT = 260;

/** Lines over steps, each in the middle of its interval; undefined if there is no point at all. */
export function curves(options: CurvesOptions): Chart | undefined {
  const drawn = options.series.filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return undefined;
  const { id, title, subtitle, x, y } = options;
  return {
    id,
    title,
    description: `${title}. ${subtitle}. Horizontal: ${x}; vertical: ${y}. Lines: ${drawn.map(({ label }) => label).join("; ")}.`,
    spec: specOf(options, drawn),
    table: tableOf(options, drawn),
  };
}

function specOf(options: CurvesOptions, drawn: readonly Series[]): TopLevelSpec {
  const { title, subtitle, x, y, logarithmic = false } = options;
  const values = drawn.flatMap(({ label, points }) => points.map((point) => ({ series: label, ...point })));
  const domain = drawn.map(({ label }) => label);
  const few = values.length <= 40 * drawn.length;
  const scale = { zero: false, nice: true, ...(logarithmic ? { type: "log" as const } : {}) };
  return {
    title: { text: title, subtitle },
    width: WIDTH,
    height: HEIGHT,
    data: { values },
    encoding: {
      x: { field: "step", type: "quantitative", title: x, axis: { format: "~s" }, scale: { zero: false, nice: false } },
      color: { field: "series", type: "nominal", scale: { domain, range: drawn.map((each) => colourAt(each.colour)) } },
    },
    layer: [
      {
        transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
        mark: { type: "area", opacity: 0.18 },
        encoding: { y: { field: "low", type: "quantitative", title: y, scale }, y2: { field: "high" } },
      },
      {
        mark: { type: "line", strokeWidth: 2, strokeJoin: "round", ...(few ? { point: { size: 22 } } : {}) },
        encoding: {
          y: { field: "centre", type: "quantitative", title: y, scale },
          strokeDash: {
            field: "series",
            type: "nominal",
            scale: { domain, range: drawn.map((each) => dashAt(each.dash)) },
          },
        },
      },
      ...levelLayers(options),
    ],
  };
}

function levelLayers({ level }: CurvesOptions) {
  if (level === undefined) return [];
  const data = { values: [level] };
  const y = { field: "value", type: "quantitative" as const };
  return [
    {
      data,
      mark: { type: "rule" as const, color: muted.light, strokeDash: [3, 3] },
      encoding: { y, color: { value: muted.light } },
    },
    {
      data,
      mark: { type: "text" as const, align: "right" as const, baseline: "bottom" as const, dy: -4, fontSize: 11 },
      encoding: { y, x: { value: WIDTH }, text: { field: "label" }, color: { value: muted.light } },
    },
  ];
}

function tableOf({ x, y }: CurvesOptions, drawn: readonly Series[]): Table {
  return {
    columns: ["line", x, y, "from", "to", "runs"],
    rows: drawn.flatMap(({ label, points }) =>
      points.map(({ step, centre, low, high, runs }) => [label, step, centre, low, high, runs]),
    ),
  };
}
