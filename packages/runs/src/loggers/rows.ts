import { ConfigError, type LogRow } from "@lowerbound/core";

/** Columns that every row has; figures need other names. */
export const FIXED_COLUMNS = ["phase", "step", "time"] as const;

/** Whether a row of a phase at a step is to stay when a run goes on: rows of a phase without a checkpoint go. */
export function stays(resumeAfter: ReadonlyMap<string, number>, phase: string, step: number): boolean {
  return step <= (resumeAfter.get(phase) ?? Number.NEGATIVE_INFINITY);
}

/**
 * Whether a row is new to a record that goes on: a phase may log at its checkpoint's very step once it has saved, and
 * then logs that row again when it is resumed. `kept` are the rows that stayed.
 */
export function newRows(
  resumeAfter: ReadonlyMap<string, number>,
  kept: readonly { readonly phase: string; readonly step: number }[],
): (row: LogRow) => boolean {
  const survivors = new Map<string, number>();
  for (const { phase, step } of kept) {
    if (resumeAfter.get(phase) === step) survivors.set(phase, (survivors.get(phase) ?? 0) + 1);
  }
  return ({ phase, step }) => {
    const left = survivors.get(phase) ?? 0;
    if (left === 0 || step > (resumeAfter.get(phase) ?? 0)) return true;
    survivors.set(phase, left - 1);
    return false;
  };
}

/** @throws ConfigError for a figure whose name is a fixed column or holds control characters. */
export function checkNames({ phase, figures }: LogRow): void {
  const taken: readonly string[] = FIXED_COLUMNS;
  for (const name of Object.keys(figures)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they would break lines of CSV.
    if (!taken.includes(name) && name !== "" && !/[\x00-\x1f]/.test(name)) continue;
    throw new ConfigError(`a figure cannot be called ${JSON.stringify(name)}`, {
      where: `log of ${phase}`,
      expected: `a name without control characters other than ${FIXED_COLUMNS.join(", ")}`,
    });
  }
}
