import { DataError } from "@lowerbound/core";
import { type Row, shownValue } from "./columns.js";

/** Tells of each row in turn whether its episode is another than that of the row before. @throws DataError */
export function episodeIds(name: string, path: string): (row: Row, index: number) => boolean {
  let before: unknown;
  return (row, index) => {
    const id = episodeId(row[name], `${path} ${name} row ${index}`);
    const begins = id !== before;
    before = id;
    return begins;
  };
}

function episodeId(id: unknown, where: string): string | number | bigint {
  if (typeof id === "string" || typeof id === "number" || typeof id === "bigint") return id;
  throw new DataError(id === undefined ? "the column is missing" : `the value is ${shownValue(id)}`, {
    where,
    expected: "a number or text that tells episodes apart",
    remedy: "repair this row, or name the right column in the configuration",
  });
}
