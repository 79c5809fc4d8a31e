import { wrap } from "@lowerbound/core";

/** A table's row as rows of lines, the cells of each column at most as wide as its limit. */
export function wrapRow(cells: readonly string[], limits: readonly number[]): readonly (readonly string[])[] {
  const wrapped = cells.map((cell, column) => wrap(cell, limits[column] ?? cell.length));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => wrapped.map((lines) => lines[line] ?? ""));
}
