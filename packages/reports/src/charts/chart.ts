import type { TopLevelSpec } from "vega-lite";

/** A figure of a table: text, a number or nothing. */
export type Cell = string | number | undefined;

/** A table; columns of numbers are told by their cells. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A chart with all that a reader needs who cannot see it. */
export interface Chart {
  /** File name without its ending, and the anchor in the page. */
  readonly id: string;
  readonly title: string;
  /** What is drawn, in one or two sentences. */
  readonly description: string;
  readonly spec: TopLevelSpec;
  /** The numbers that are drawn. */
  readonly table: Table;
}

/** Charts under one heading, and why some are not there. */
export interface ChartSection {
  readonly id: string;
  readonly title: string;
  readonly charts: readonly Chart[];
  readonly notes: readonly string[];
  /** What is to be said before the charts. */
  readonly lead?: readonly string[];
  /** Tables below the charts. */
  readonly tables?: readonly Table[];
}
