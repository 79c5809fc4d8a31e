import { DataError } from "@lowerbound/core";
import type { Steps } from "../rows.js";
import {
  aboutEnds,
  type Columns,
  columnNames,
  flagOf,
  numberOf,
  type Row,
  truncationSought,
  vectorOf,
  withTruncated,
} from "./columns.js";
import { episodeIds } from "./episode-ids.js";
import { checkColumns } from "./missing-column.js";

/** A log's file, read in order. */
export interface LogFile {
  readonly path: string;
  readonly layout: string;
  /** Every column's name, where the format says so without its rows. */
  readonly names?: readonly string[];
  /** Rows in batches of a few thousand; `names` limits the columns where the format can. */
  batches(names: readonly string[]): AsyncIterable<readonly Row[]>;
}

/** What a first pass finds. */
export interface LogScan {
  readonly observation: number;
  readonly action: number;
  readonly steps: Steps;
  /** The columns as they are read: with "truncated" where a row has it and no other is named. */
  readonly columns: Columns;
  /** Columns that no option names, though their names say where episodes end. */
  readonly unread: readonly string[];
}

/** Widths, flags and episodes of a log, in one pass over its light columns. @throws DataError */
export async function scanLog(file: LogFile, columns: Columns): Promise<LogScan> {
  const widths = await firstWidths(file, columns);
  const sought = truncationSought(columns);
  const found = new Set(aboutEnds.filter((name) => file.names?.includes(name)));
  const rows = rowCollector(file.path, columns, sought);
  for await (const batch of file.batches(lightColumns(columns, sought))) {
    for (const row of batch) {
      for (const name of aboutEnds) if (Object.hasOwn(row, name)) found.add(name);
      rows.take(row);
    }
  }
  const read = columns.truncation === undefined && sought !== undefined && found.has(sought);
  const asRead = read ? withTruncated(columns) : columns;
  const named = columnNames(asRead);
  const unread = [...found].filter((name) => !named.includes(name));
  return { ...widths, steps: rows.steps(), columns: asRead, unread };
}

function rowCollector(path: string, columns: Columns, truncation: string | undefined) {
  const { reward, termination, episode } = columns;
  const rewards: number[] = [];
  const terminations: number[] = [];
  const timeouts: number[] = [];
  const starts: number[] = [];
  const begins = episode === undefined ? () => false : episodeIds(episode, path);
  // A column that nobody named may be left out of some rows, and be none of time limits.
  const absent = columns.truncation === undefined ? false : undefined;
  const remedy =
    columns.truncation === undefined ? "set truncation to the column of time limits, or to null" : undefined;
  let open = false;
  const take = (row: Row): void => {
    const place = { path, row: rewards.length };
    if (begins(row, place.row) || !open) starts.push(place.row);
    const terminal = flagOf(row[termination], termination, place);
    const cut = truncation === undefined ? 0 : flagOf(row[truncation] ?? absent, truncation, place, remedy);
    rewards.push(numberOf(row[reward], reward, place));
    terminations.push(terminal);
    timeouts.push(cut);
    open = terminal === 0 && cut === 0;
  };
  const steps = (): Steps => ({
    rewards: Float64Array.from(rewards),
    terminations: Uint8Array.from(terminations),
    timeouts: Uint8Array.from(timeouts),
    episodeStarts: Int32Array.from([...starts, rewards.length]),
  });
  return { take, steps };
}

const lightColumns = ({ reward, termination, episode }: Columns, truncation: string | undefined): string[] =>
  [reward, termination, truncation, episode].filter((name) => name !== undefined);

async function firstWidths(file: LogFile, columns: Columns) {
  const { observation, action } = columns;
  const place = { path: file.path, row: 0 };
  for await (const [row] of file.batches([observation, action].flat())) {
    if (row === undefined) break;
    if (file.names === undefined) checkColumns(columns, Object.keys(row), `${file.path} row 0`);
    return {
      observation: vectorOf(row, observation, place).length,
      action: vectorOf(row, action, place).length,
    };
  }
  throw new DataError("the log has no rows", {
    where: file.path,
    expected: "one row a step",
    remedy: "check the path",
  });
}
