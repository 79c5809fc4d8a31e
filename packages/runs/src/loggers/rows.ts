import { ConfigError, type LogRow } from "@lowerbound/core";

/** Columns that every row has; figures need other names. */
export const FIXED_COLUMNS = ["phase", "step", "time"] as const;

/** Whether a row of a phase at a step is to stay when a run goes on: rows of a phase without a checkpoint go. */
export function stays(resumeAfter: ReadonlyMap<string, number>, phase: string, step: number): boolean {
  return step <= (resumeAfter.get(phase) ?? Number.NEGATIVE_INFINITY);
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
