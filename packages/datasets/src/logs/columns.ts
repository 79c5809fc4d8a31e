import { DataError } from "@lowerbound/core";
import { z } from "zod";

const vector = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** Which columns of a user's log say what: one column of arrays, or a list of columns of numbers. */
export const columnOptions = {
  observation: vector.default("observation").describe("column of arrays, or a list of columns of numbers"),
  action: vector.default("action").describe("column of arrays or numbers, or a list of columns of numbers"),
  reward: z.string().min(1).default("reward").describe("column of the reward after the action"),
  termination: z
    .string()
    .min(1)
    .default("terminated")
    .describe("column that is true where a terminal state was reached"),
  truncation: z
    .string()
    .min(1)
    .nullable()
    .optional()
    .describe(
      'column that is true where a time limit cut the episode; "truncated" where the log has it; null for none',
    ),
  episode: z
    .string()
    .min(1)
    .optional()
    .describe("column that tells episodes apart: a new value begins a new one, and none comes back"),
  nextObservation: vector.optional().describe("column or columns of the observation after the action"),
  environmentId: z.string().min(1).optional().describe("environment of the log, for reference scores"),
};

export type Columns = z.output<z.ZodObject<typeof columnOptions>>;
export type Row = Readonly<Record<string, unknown>>;

/** The options that name columns. */
export const naming = [
  "observation",
  "action",
  "reward",
  "termination",
  "truncation",
  "episode",
  "nextObservation",
] as const satisfies readonly (keyof Columns)[];

/** Every column that the options name. */
export const columnNames = (columns: Columns): string[] => naming.flatMap((option) => columns[option] ?? []);

const TRUNCATED = "truncated";

/** The column of time limits that is looked for: the one named, else "truncated", where nothing else reads it. */
export function truncationSought(columns: Columns): string | undefined {
  if (columns.truncation !== undefined) return columns.truncation ?? undefined;
  return columnNames(columns).includes(TRUNCATED) ? undefined : TRUNCATED;
}

/** The columns with "truncated" in its place, as if it had been named. */
export function withTruncated({ observation, action, reward, termination, ...rest }: Columns): Columns {
  return { observation, action, reward, termination, ...rest, truncation: TRUNCATED };
}

/** Names of columns that say where episodes end. */
export const aboutEnds: readonly string[] = ["truncated", "timeout", "timeouts", "done", "episode", "episode_id"];

export const labelOf = (names: string | readonly string[]): string =>
  typeof names === "string" ? names : names.join(", ");

/** Where a value stands, for messages. */
export interface Place {
  readonly path: string;
  readonly row: number;
}

/** Entries of one or several columns in a row. @throws DataError for what is missing or no number. */
export function vectorOf(row: Row, names: string | readonly string[], place: Place): number[] {
  if (typeof names !== "string") return names.map((name) => numberOf(row[name], name, place));
  const value = row[names];
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as ArrayLike<unknown>, (entry, i) => numberOf(entry, `${names}[${i}]`, place));
  }
  return [numberOf(value, names, place, "a number, or a list of numbers")];
}

/** A number; booleans count as 0 and 1. @throws DataError */
export function numberOf(value: unknown, name: string, place: Place, expected = "a number"): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  throw bad(value, name, place, expected);
}

export function flagOf(value: unknown, name: string, place: Place, remedy?: string): 0 | 1 {
  if (value === true || value === 1 || value === 1n) return 1;
  if (value === false || value === 0 || value === 0n) return 0;
  throw bad(value, name, place, "true or false, 0 or 1", remedy);
}

/** As it stands in the log: JSON has no text for NaN and infinities. */
const shownValue = (value: unknown): string => (typeof value === "number" ? String(value) : JSON.stringify(value));

/** What is said of a value that a column must not have. */
export function bad(
  value: unknown,
  name: string,
  { path, row }: Place,
  expected: string,
  remedy = "repair this row, or name the right column in the configuration",
): DataError {
  const where = `${path} ${name} row ${row}`;
  // Columns that no row has were refused before.
  if (value === undefined) {
    const everywhere = "the column in every row, as in the first";
    return new DataError("the column is missing", { where, expected: everywhere, remedy: "repair this row" });
  }
  const nested = typeof value === "object" && value !== null && !(value instanceof Date);
  const shown = nested ? "a nested value" : shownValue(value);
  return new DataError(`the value is ${shown}`, { where, expected, remedy });
}
