/** One line of the demo's closing table. */
export interface Line {
  readonly name: string;
  readonly mean: number;
  readonly std?: number;
  readonly score?: number;
}

/** Lines in aligned columns: who, undiscounted return, normalised score. */
export function table(lines: readonly Line[]): string {
  const rows = [
    ["", "return", "score"],
    ...lines.map(({ name, mean, std, score }) => [
      name,
      `${mean.toFixed(0)}${std === undefined ? "" : ` ± ${std.toFixed(0)}`}`,
      score === undefined ? "" : score.toFixed(1),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const aligned = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  "),
  );
  return aligned.join("\n");
}

/** "fit 51 s, train 130 s" */
export const secondsText = (seconds: Readonly<Record<string, number>>): string =>
  Object.entries(seconds)
    .filter(([, value]) => value >= 0.5)
    .map(([phase, value]) => `${phase} ${value.toFixed(0)} s`)
    .join(", ");
