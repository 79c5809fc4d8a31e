import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { DataError, Dataset, defineComponent } from "@lowerbound/core";
import { z } from "zod";
import { conventions } from "../conventions.js";
import { datasetOfRows } from "../dataset-of-rows.js";
import { fileError, markFile } from "../files.js";
import { boundsOf, boundsOptions } from "../options.js";
import { columnOptions, type Row } from "./columns.js";
import type { LogFile } from "./scan-log.js";
import { sourceOfLogs } from "./source-of-logs.js";

const BATCH = 4096;

/** Logs with one JSON object a line. */
export const jsonl = defineComponent({
  kind: Dataset,
  type: "jsonl",
  summary: "your own log, one JSON object a line",
  documentation:
    "Columns are named in the configuration. An episode ends at a termination, at a truncation, where the episode " +
    "column changes, and at the end of the file; without next observations, the last step of a truncated one is dropped.",
  config: z.object({
    path: z.string().min(1).describe("the file"),
    ...columnOptions,
    convention: z.enum(conventions).default("true-next").describe("which rows become transitions"),
    ...boundsOptions,
  }),
  create: ({ path, convention, actionLow, actionHigh, ...columns }) => {
    const bounds = boundsOf({ actionLow, actionHigh });
    return datasetOfRows(async () => sourceOfLogs(await openLines(path), columns, bounds), convention);
  },
});

async function openLines(path: string): Promise<LogFile> {
  await markFile(path);
  return { path, layout: "jsonl", batches: () => readBatches(path) };
}

async function* readBatches(path: string): AsyncGenerator<readonly Row[]> {
  const input = createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 20 });
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let batch: Row[] = [];
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      if (line.trim() === "") continue;
      batch.push(parseLine(number === 1 ? line.replace(/^\uFEFF/, "") : line, path, number));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw fileError(error, path, "read it");
  } finally {
    lines.close();
    input.destroy();
  }
}

const rowSchema = z.record(z.string(), z.unknown());

/** JSON, or what Python's json module writes for NaN and infinities: the numbers that they are. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const quoted = line.replaceAll(STRING_OR_NON_FINITE, (found) =>
      found.startsWith('"') ? found : JSON.stringify(MARK + found),
    );
    if (quoted === line) throw error;
    return JSON.parse(quoted, (_, value: unknown) =>
      typeof value === "string" && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
    );
  }
}

const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g;
const MARK = "\u0000";

function parseLine(line: string, path: string, number: number): Row {
  try {
    return rowSchema.parse(jsonOf(line));
  } catch (cause) {
    throw new DataError("the line is not a JSON object", {
      where: `${path} line ${number}`,
      expected: 'one object a line, such as {"observation": [0.1], "action": [0], "reward": 1, "terminated": false}',
      remedy: "repair or remove this line; a last line cut short means that the file was not written to its end",
      cause,
    });
  }
}
