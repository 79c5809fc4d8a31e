import { readFile } from "node:fs/promises";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { describe, expect, it } from "vitest";
import { parquetBatches } from "../src/logs/parquet-batches.js";
import { fixture } from "./helpers.js";

describe("Parquet in batches", () => {
  it.each([1, 4, 5, 6, 100])("of %i rows: the same rows, and each row group is read once", async (size) => {
    const bytes = await readFile(fixture("log-snappy.parquet"));
    let reads = 0;
    const file = {
      byteLength: bytes.length,
      slice: async (start: number, end = bytes.length) => {
        reads += 1;
        return Uint8Array.from(bytes.subarray(start, end)).buffer;
      },
    };
    const metadata = await parquetMetadataAsync(file);
    reads = 0;
    const rows: unknown[] = [];
    for await (const batch of parquetBatches(file, metadata, ["o", "r", "ep"], size)) rows.push(...batch);
    expect(reads).toBe(metadata.row_groups.length);
    expect(rows).toEqual(await parquetReadObjects({ file, metadata, columns: ["o", "r", "ep"], compressors }));
  });
});
