import { type AsyncBuffer, type FileMetaData, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Row } from "./columns.js";

const BATCH = 8192;

/** Rows of a Parquet file in batches; each row group is decoded once and is in memory, by column, while it is read. */
export async function* parquetBatches(
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly string[],
  size = BATCH,
): AsyncGenerator<readonly Row[]> {
  let start = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const columns = await readColumns(file, metadata, names, { start, rows });
    for (let from = 0; from < rows; from += size) yield rowsOf(columns, from, Math.min(from + size, rows));
    start += rows;
  }
}

type Columns = ReadonlyMap<string, readonly unknown[]>;

async function readColumns(
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly string[],
  { start, rows }: { readonly start: number; readonly rows: number },
): Promise<Columns> {
  const columns = new Map(names.map((name) => [name, new Array<unknown>(rows)]));
  await parquetRead({
    file,
    metadata,
    columns: [...names],
    rowStart: start,
    rowEnd: start + rows,
    compressors,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = columns.get(columnName) ?? [];
      for (let i = 0; i < columnData.length; i++) column[rowStart - start + i] = columnData[i];
    },
  });
  return columns;
}

function rowsOf(columns: Columns, from: number, to: number): readonly Row[] {
  const entries = [...columns];
  return Array.from({ length: to - from }, (_, i) =>
    Object.fromEntries(entries.map(([name, values]) => [name, values[from + i]])),
  );
}
