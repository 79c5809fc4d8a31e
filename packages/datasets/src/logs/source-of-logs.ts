import { basename } from "node:path";
import { DataError } from "@lowerbound/core";
import type { Bounds, RowPiece, RowSource, Steps } from "../rows.js";
import { type Columns, flagOf, labelOf, numberOf, type Row, vectorOf } from "./columns.js";

/** A log's file, read in order. */
export interface LogFile {
  readonly path: string;
  readonly layout: string;
  /** Rows in batches of a few thousand; `names` limits the columns where the format can. */
  batches(names: readonly string[]): AsyncIterable<readonly Row[]>;
}

interface Scan extends Steps {
  readonly observation: number;
  readonly action: number;
}

/** Rows of a user's log as a source: a first pass finds the episodes, later ones read the values. @throws DataError */
export async function sourceOfLogs(file: LogFile, columns: Columns, bounds: Bounds): Promise<RowSource> {
  const scan = await scanLog(file, columns);
  const { observation, action, ...steps } = scan;
  return {
    path: file.path,
    files: [file.path],
    layout: file.layout,
    name: basename(file.path).replace(/\.[a-z]+$/i, ""),
    ...(columns.environmentId === undefined ? {} : { environmentId: columns.environmentId }),
    rows: steps.terminations.length,
    observation,
    action,
    hasNextObservations: columns.nextObservation !== undefined,
    keys: {
      observations: labelOf(columns.observation),
      actions: labelOf(columns.action),
      rewards: columns.reward,
      nextObservations: labelOf(columns.nextObservation ?? ""),
    },
    actionBounds: Array.from({ length: action }, () => bounds),
    steps: async () => steps,
    pieces: () => readPieces(file, columns, scan),
    close: async () => undefined,
  };
}

async function scanLog(file: LogFile, columns: Columns): Promise<Scan> {
  const rewards: number[] = [];
  const terminations: number[] = [];
  const timeouts: number[] = [];
  const starts: number[] = [];
  const widths = await firstWidths(file, columns);
  let episode: unknown;
  let open = false;
  for await (const batch of file.batches(lightColumns(columns))) {
    for (const row of batch) {
      const place = { path: file.path, row: rewards.length };
      const id = columns.episode === undefined ? undefined : episodeId(row, columns.episode, place);
      if (!open || id !== episode) starts.push(place.row);
      episode = id;
      rewards.push(numberOf(row[columns.reward], columns.reward, place));
      terminations.push(flagOf(row, columns.termination, place));
      timeouts.push(flagOf(row, columns.truncation, place));
      open = terminations[place.row] === 0 && timeouts[place.row] === 0;
    }
  }
  return {
    ...widths,
    rewards: Float64Array.from(rewards),
    terminations: Uint8Array.from(terminations),
    timeouts: Uint8Array.from(timeouts),
    episodeStarts: Int32Array.from([...starts, rewards.length]),
  };
}

const lightColumns = ({ reward, termination, truncation, episode }: Columns): string[] =>
  [reward, termination, truncation, episode].filter((name) => name !== undefined);

async function firstWidths(file: LogFile, { observation, action }: Columns) {
  const place = { path: file.path, row: 0 };
  for await (const [row] of file.batches([observation, action].flat())) {
    if (row === undefined) break;
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

function episodeId(row: Row, name: string, { path, row: index }: { path: string; row: number }): unknown {
  const id = row[name];
  if (typeof id === "string" || typeof id === "number" || typeof id === "bigint") return id;
  throw new DataError(id === undefined ? "the column is missing" : `the value is ${JSON.stringify(id)}`, {
    where: `${path} ${name} row ${index}`,
    expected: "a number or text that tells episodes apart",
    remedy: "repair this row, or name the right column in the configuration",
  });
}

async function* readPieces(file: LogFile, columns: Columns, widths: Scan): AsyncGenerator<RowPiece> {
  const { observation, action, nextObservation, reward } = columns;
  const names = [observation, action, nextObservation ?? [], reward].flat();
  let start = 0;
  for await (const batch of file.batches(names)) {
    const stack = (of: string | readonly string[], width: number) => stackRows(batch, of, width, file.path, start);
    yield {
      start,
      count: batch.length,
      observations: stack(observation, widths.observation),
      actions: stack(action, widths.action),
      rewards: Float64Array.from(batch, (row, i) => numberOf(row[reward], reward, { path: file.path, row: start + i })),
      ...(nextObservation === undefined ? {} : { nextObservations: stack(nextObservation, widths.observation) }),
    };
    start += batch.length;
  }
}

function stackRows(
  batch: readonly Row[],
  names: string | readonly string[],
  width: number,
  path: string,
  start: number,
): Float32Array {
  const out = new Float32Array(batch.length * width);
  batch.forEach((row, i) => {
    const values = vectorOf(row, names, { path, row: start + i });
    if (values.length !== width) {
      throw new DataError(`the row has ${values.length} entries`, {
        where: `${path} ${labelOf(names)} row ${start + i}`,
        expected: `${width}, as the first row has`,
        remedy: "repair this row",
      });
    }
    out.set(values, i * width);
  });
  return out;
}
