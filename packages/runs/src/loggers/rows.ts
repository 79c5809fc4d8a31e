import { ConfigError, type LogRow } from "@lowerbound/core";

/** Columns that every row has; figures need other names. */
export const FIXED_COLUMNS = ["phase", "step", "time"] as const;

/** Whether a row of a phase at a step is to stay when a run goes on: rows of a phase without a checkpoint go. */
export function stays(resumeAfter: ReadonlyMap<string, number>, phase: string, step: number): boolean {
  return step <= (resumeAfter.get(phase) ?? Number.NEGATIVE_INFINITY);
}

/** A row that stayed, and the names of its figures. */
export interface KeptRow {
  readonly phase: string;
  readonly step: number;
  readonly names: readonly string[];
}

/**
 * Whether a row is new to a record that goes on: a phase may log at its checkpoint's very step once it has saved, and
 * then logs that row again when it is resumed. A row of other figures at that step, such as those of an evaluation that was
 * stopped, is new.
 */
export function newRows(resumeAfter: ReadonlyMap<string, number>, kept: readonly KeptRow[]): (row: LogRow) => boolean {
  const survivors = kept.filter(({ phase, step }) => resumeAfter.get(phase) === step).map(keyOf);
  return ({ phase, step, figures }) => {
    const at = survivors.indexOf(keyOf({ phase, step, names: Object.keys(figures) }));
    if (at >= 0) survivors.splice(at, 1);
    return at < 0;
  };
}

const keyOf = ({ phase, step, names }: KeptRow): string => JSON.stringify([phase, step, ...[...names].sort()]);

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
