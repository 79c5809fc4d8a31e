import type { TopLevelSpec } from "vega-lite";
import { extremes } from "../page/numbers.js";
import { colourAt, dashAt, muted } from "../render/theme.js";
import type { CurvePoint } from "../runs/summary.js";
import type { Chart, Table } from "./chart.js";
import { chart, framed, HEIGHT, type Heading } from "./frame.js";

/** A line of a chart of curves. */
export interface Series {
  readonly label: string;
  readonly colour: number;
  readonly dash: number;
  readonly points: readonly CurvePoint[];
}

export interface CurvesOptions extends Heading {
  readonly id: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** A level to compare with, such as the return of the data. */
  readonly level?: { readonly label: string; readonly value: number } | undefined;
  /** What the line of equal values means, where it is to be drawn. */
  readonly diagonal?: string;
  /** Axes in powers of ten: their values must be positive. */
  readonly logarithmic?: "none" | "y" | "both";
  /** Formats of the axes' numbers (d3-format); steps are short by default, as 25k. */
  readonly xFormat?: string;
  readonly yFormat?: string;
}

/** Lines over steps, each in the middle of its interval; undefined if there is no point at all. */
export function curves(options: CurvesOptions): Chart | undefined {
  const drawn = options.series.filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return undefined;
  const says = `Horizontal: ${options.x}; vertical: ${options.y}. Lines: ${drawn.map(({ label }) => label).join("; ")}.`;
  return chart(options.id, options, says, specOf(options, drawn), tableOf(options, drawn));
}

/** Lines of fewer points show them. */
const FEW = 12;
/** Letters of a label that leave room for a second column of the legend. */
const NARROW = 36;

function specOf(options: CurvesOptions, drawn: readonly Series[]): TopLevelSpec {
  const { x, y, logarithmic = "none" } = options;
  const domain = drawn.map(({ label }) => label);
  const range = drawn.map(({ colour }) => colourAt(colour));
  const log = { type: "log" as const, nice: false };
  const scale = logarithmic === "none" ? { zero: false, nice: true } : log;
  const across = logarithmic === "both" ? log : acrossOf(drawn);
  const vertical = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: y,
    scale,
    ...(options.yFormat === undefined ? {} : { axis: { format: options.yFormat } }),
  });
  const by = { field: "series", type: "nominal" as const };
  const legend = {
    symbolType: "stroke",
    symbolOpacity: 1,
    symbolFillColor: "transparent",
    columns: drawn.length > 4 && domain.every(({ length }) => length <= NARROW) ? 2 : 1,
  };
  const color = { ...by, scale: { domain, range }, legend };
  const few = drawn.some(({ points }) => points.length < FEW);
  return {
    ...framed(options, HEIGHT),
    data: { values: drawn.flatMap(({ label, points }) => points.map((point) => ({ series: label, ...point }))) },
    encoding: {
      x: {
        field: "step",
        type: "quantitative",
        title: x,
        axis: { format: options.xFormat ?? "~s" },
        scale: across,
      },
    },
    layer: [
      {
        transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
        mark: { type: "area", opacity: 0.18 },
        encoding: {
          y: vertical("low"),
          y2: { field: "high" },
          color,
        },
      },
      {
        mark: {
          type: "line",
          strokeWidth: 2,
          strokeJoin: "round",
          ...(few ? { point: { size: 28, opacity: 1 } } : {}),
        },
        encoding: {
          y: vertical("centre"),
          color,
          strokeDash: { ...by, scale: { domain, range: drawn.map(({ dash }) => dashAt(dash)) } },
        },
      },
      ...levelLayers(options),
      ...diagonalLayers(options, drawn),
    ],
  };
}

/** Steps from the first to the last; around a single one, which has no width to be drawn over. */
function acrossOf(drawn: readonly Series[]) {
  const steps = drawn.flatMap(({ points }) => points.map(({ step }) => step));
  const [least, most] = extremes(steps);
  const domain = least === most ? { domain: [least - 1, most + 1] } : {};
  return { zero: false, nice: false, ...domain };
}

function levelLayers({ level }: CurvesOptions) {
  if (level === undefined) return [];
  const y = { field: "value", type: "quantitative" as const };
  const color = { value: muted.light };
  const text = { type: "text", align: "right", baseline: "bottom", dy: -4, fontSize: 11 } as const;
  return [
    {
      data: { values: [level] },
      encoding: { y, color, x: { value: "width" as const } },
      layer: [
        {
          mark: { type: "rule" as const, strokeDash: [3, 3] },
          encoding: { x: { value: 0 }, x2: { value: "width" as const } },
        },
        { mark: text, encoding: { text: { field: "label" } } },
      ],
    },
  ];
}

/** From the least to the greatest value that both axes show. */
function diagonalLayers({ diagonal }: CurvesOptions, drawn: readonly Series[]) {
  if (diagonal === undefined) return [];
  const points = drawn.flatMap((each) => each.points);
  const steps = points.map(({ step }) => step);
  const ends = extremes(steps);
  const y = { field: "value", type: "quantitative" as const };
  const x = { field: "value", type: "quantitative" as const };
  const color = { value: muted.light };
  const text = { type: "text", align: "right", baseline: "bottom", dx: -4, dy: -4, fontSize: 11 } as const;
  return [
    {
      data: { values: ends.map((value) => ({ value })) },
      mark: { type: "line" as const, strokeDash: [3, 3], strokeWidth: 1 },
      encoding: { x, y, color },
    },
    {
      data: { values: [{ value: ends[1], diagonal }] },
      mark: text,
      encoding: { x, y, color, text: { field: "diagonal" } },
    },
  ];
}

function tableOf({ x, y }: CurvesOptions, drawn: readonly Series[]): Table {
  return {
    columns: ["line", x, y, "interval from", "interval to", "runs"],
    rows: drawn.flatMap(({ label, points }) =>
      points.map(({ step, centre, low, high, runs }) => [label, step, centre, low, high, runs]),
    ),
  };
}
