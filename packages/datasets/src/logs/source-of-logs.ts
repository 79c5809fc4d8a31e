import { basename } from "node:path";
import { DataError } from "@lowerbound/core";
import type { Bounds, RowPiece, RowSource } from "../rows.js";
import { type Columns, labelOf, numberOf, type Row, vectorOf } from "./columns.js";
import { type LogFile, type LogScan, scanLog } from "./scan-log.js";

/** Rows of a user's log as a source: a first pass finds the episodes, later ones read the values. @throws DataError */
export async function sourceOfLogs(file: LogFile, columns: Columns, bounds: Bounds): Promise<RowSource> {
  const scan = await scanLog(file, columns);
  const { observation, action, steps } = scan;
  return {
    path: file.path,
    files: [file.path],
    layout: file.layout,
    columns: scan.columns,
    unread: scan.unread,
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

async function* readPieces(file: LogFile, columns: Columns, widths: LogScan): AsyncGenerator<RowPiece> {
  const { observation, action, nextObservation, reward } = columns;
  const names = [observation, action, nextObservation ?? [], reward].flat();
  let start = 0;
  for await (const batch of file.batches(names)) {
    const stack = (of: string | readonly string[], width: number) => stackRows(batch, of, width, file.path, start);
    const exact = stack(observation, widths.observation);
    yield {
      start,
      count: batch.length,
      observations: Float32Array.from(exact),
      exact,
      actions: Float32Array.from(stack(action, widths.action)),
      rewards: Float64Array.from(batch, (row, i) => numberOf(row[reward], reward, { path: file.path, row: start + i })),
      ...(nextObservation === undefined
        ? {}
        : { nextObservations: Float32Array.from(stack(nextObservation, widths.observation)) }),
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
): Float64Array {
  const out = new Float64Array(batch.length * width);
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
