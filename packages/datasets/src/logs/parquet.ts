import { open } from "node:fs/promises";
import { ConfigError, DataError, Dataset, defineComponent, FileError } from "@lowerbound/core";
import { type AsyncBuffer, parquetMetadataAsync, parquetSchema } from "hyparquet";
import { z } from "zod";
import { conventions } from "../conventions.js";
import { datasetOfRows } from "../dataset-of-rows.js";
import { fileError, markFile } from "../files.js";
import { boundsOf, boundsOptions } from "../options.js";
import { type Columns, columnOptions, type Row } from "./columns.js";
import { checkColumns } from "./missing-column.js";
import { parquetBatches } from "./parquet-batches.js";
import type { LogFile } from "./scan-log.js";
import { sourceOfLogs } from "./source-of-logs.js";

/** Logs in Parquet files. */
export const parquet = defineComponent({
  kind: Dataset,
  type: "parquet",
  summary: "your own log, a Parquet file",
  documentation:
    "Columns are named in the configuration: numbers, or lists of numbers. All of Parquet's usual compressions are read. " +
    "Episodes are told apart as in the type jsonl.",
  config: z.object({
    path: z.string().min(1).describe("the file"),
    ...columnOptions,
    convention: z.enum(conventions).default("true-next").describe("which rows become transitions"),
    ...boundsOptions,
  }),
  create: ({ path, convention, actionLow, actionHigh, ...columns }) => {
    const bounds = boundsOf({ actionLow, actionHigh });
    return datasetOfRows(async () => sourceOfLogs(await openParquet(path, columns), columns, bounds), convention);
  },
});

async function openParquet(path: string, columns: Columns): Promise<LogFile> {
  const { size } = await markFile(path);
  const file = fileBuffer(path, size);
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw damaged(path, "this is not a complete Parquet file", error);
  });
  const present = parquetSchema(metadata).children.map(({ element }) => element.name);
  checkColumns(columns, present, path);
  const batches = (names: readonly string[]) => {
    const wanted = present.filter((name) => names.includes(name));
    return readBatches(path, parquetBatches(file, metadata, wanted));
  };
  return { path, layout: "parquet", names: present, batches };
}

async function* readBatches(path: string, batches: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  try {
    yield* batches;
  } catch (error) {
    if (error instanceof DataError || error instanceof ConfigError) throw error;
    throw damaged(path, "its rows cannot be read", error);
  }
}

// Opens the file anew for each read, so that nothing stays open between or after them.
const fileBuffer = (path: string, size: number): AsyncBuffer => ({
  byteLength: size,
  slice: async (start, end = size) => {
    try {
      const handle = await open(path, "r");
      try {
        const { buffer, bytesRead } = await handle.read(new Uint8Array(Math.max(0, end - start)), { position: start });
        return buffer.buffer.slice(0, bytesRead);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fileError(error, path, "read it");
    }
  },
});

const damaged = (path: string, what: string, cause: unknown) =>
  cause instanceof FileError
    ? cause
    : new FileError(what, {
        where: path,
        expected: "an intact Parquet file",
        remedy: "write or copy it again",
        cause,
      });
