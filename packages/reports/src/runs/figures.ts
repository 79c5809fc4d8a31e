import type { Row } from "./schemas.js";

/** A figure of one run over the steps of a phase. */
export interface Trace {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Rows of a phase that hold the figure; of several at one step, the last counts. */
export function traceOf(rows: readonly Row[], phase: string, figure: string): Trace {
  const byStep = new Map<number, number>();
  for (const row of rows) {
    const value = row[figure];
    if (row.phase === phase && typeof value === "number" && Number.isFinite(value)) byStep.set(row.step, value);
  }
  const pairs = [...byStep].sort(([a], [b]) => a - b);
  return { steps: pairs.map(([step]) => step), values: pairs.map(([, value]) => value) };
}
