import type { TopLevelSpec } from "vega-lite";
import { colourAt } from "../render/theme.js";
import type { Chart } from "./chart.js";
import { chart, framed, type Heading } from "./frame.js";

/** A figure in a row of a chart of dots, with its interval where it has one. */
export interface Dot {
  readonly row: string;
  readonly kind: string;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface DotsOptions extends Heading {
  readonly id: string;
  readonly x: string;
  /** Kinds in the order of their colours and shapes; those without a dot are left out of the legend. */
  readonly kinds: readonly string[];
  readonly dots: readonly Dot[];
}

/** More than there are colours, so that a kind beyond them still has a mark of its own. */
const SHAPES = [
  "circle",
  "triangle-right",
  "square",
  "diamond",
  "cross",
  "triangle-up",
  "triangle-down",
  "triangle-left",
];
/** Height of a dot's line, and of the gap between rows. */
const LINE = 20;
const GAP = 14;
/** Height of a line of a row's name. */
const LETTER = 14;

/** Figures of several kinds side by side, a row for each subject; undefined without any. */
export function dots(options: DotsOptions): Chart | undefined {
  const drawn = options.dots.filter(({ value }) => Number.isFinite(value));
  if (drawn.length === 0) return undefined;
  const kinds = options.kinds.filter((kind) => drawn.some((dot) => dot.kind === kind));
  const says = `Horizontal: ${options.x}; vertical: subjects, one a row. Marks: ${kinds.join("; ")}.`;
  return chart(options.id, options, says, specOf(options, kinds, drawn), {
    columns: ["subject", "figure", options.x, "interval from", "interval to"],
    rows: drawn.map(({ row, kind, value, low, high }) => [row, kind, value, low, high]),
  });
}

function specOf(options: DotsOptions, kinds: readonly string[], drawn: readonly Dot[]): TopLevelSpec {
  const rows = [...new Set(drawn.map(({ row }) => labelOf(row)))];
  const lines = Math.max(...rows.map((row) => row.split("\n").length));
  const height = Math.max(LINE * kinds.length, LETTER * lines);
  const at = kinds.map((kind) => options.kinds.indexOf(kind));
  const { scale, axis, note = "" } = acrossOf(drawn);
  const title = `${options.x}${note}`;
  const x = (field: string) => ({ field, type: "quantitative" as const, title, scale, axis });
  const y = {
    field: "row",
    type: "nominal" as const,
    sort: rows,
    title: null,
    scale: { paddingInner: GAP / (GAP + height), paddingOuter: 0.1 },
    // Vega puts the first line of a label in the middle of its row.
    axis: {
      labelLimit: 0,
      labelOffset: (-LETTER * (lines - 1)) / 2,
      labelExpr: "split(datum.label, '\\n')",
      grid: false,
    },
  };
  // Kinds that never share a row need no lines of their own.
  const shared =
    new Set(drawn.map(({ row }) => row)).size < new Set(drawn.map(({ row, kind }) => `${row}\n${kind}`)).size;
  const offset = shared ? { yOffset: { field: "kind", type: "nominal" as const, sort: [...kinds] } } : {};
  const by = { field: "kind", type: "nominal" as const };
  const color = { ...by, scale: { domain: [...kinds], range: at.map(colourAt) } };
  const shape = { ...by, scale: { domain: [...kinds], range: at.map((index) => SHAPES[index % SHAPES.length]!) } };
  return {
    ...framed(options, Math.max(90, rows.length * (GAP + height))),
    data: { values: drawn.map((dot) => ({ ...dot, row: labelOf(dot.row) })) },
    layer: [
      {
        transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { y, ...offset, x: x("low"), x2: { field: "high" }, color },
      },
      {
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: { y, ...offset, x: x("value"), color, shape },
      },
    ],
  };
}

/** Letters in a line of a row's name. */
const LETTERS = 24;

/** A row's name on lines that leave room for the plot, broken after hyphens and between its parts. */
function labelOf(row: string): string {
  return row.split(" · ").flatMap(broken).join("\n");
}

function broken(part: string): readonly string[] {
  const pieces = part.split(/(?<=[-/ ])/).flatMap((piece) => piece.match(new RegExp(`.{1,${LETTERS}}`, "gu")) ?? []);
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.trimEnd().length <= LETTERS) lines[lines.length - 1] = last + piece;
    else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}

/** Beyond this many times the middle size of the figures, an even scale would hide the rest. */
const WIDE = 30;

interface Across {
  readonly scale: object;
  readonly axis: object;
  readonly note?: string;
}

/** An even scale, or powers of ten either side of 0 where sizes are too different for it. */
function acrossOf(drawn: readonly Dot[]): Across {
  const sizes = drawn.map(({ value }) => Math.abs(value)).sort((a, b) => a - b);
  const [middle, most] = [sizes[Math.floor((sizes.length - 1) / 2)]!, sizes.at(-1)!];
  const even = { scale: { zero: false, padding: 14, nice: false }, axis: { grid: true } };
  if (middle === 0 || most <= WIDE * middle) return even;
  const unit = 10 ** Math.floor(Math.log10(middle));
  const powers = Array.from({ length: Math.ceil(Math.log10(most / unit)) + 1 }, (_, k) => unit * 10 ** k);
  return {
    scale: { type: "symlog" as const, constant: unit, padding: 14, nice: false },
    axis: {
      grid: true,
      labelOverlap: "greedy" as const,
      values: [...powers.map((power) => -power).reverse(), 0, ...powers],
      labelExpr: "format(datum.value, '~s')",
    },
    note: ", powers of ten",
  };
}
