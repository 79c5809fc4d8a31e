import { DataError } from "@lowerbound/core";
import { type Row, shownValue } from "./columns.js";

/**
 * Tells of each row in turn whether its episode is another than that of the row before.
 *
 * @throws DataError for an id that comes back after another one: then steps of several episodes are mixed
 */
export function episodeIds(name: string, path: string): (row: Row, index: number) => boolean {
  const finished = new Set<unknown>();
  let before: unknown;
  return (row, index) => {
    const where = `${path} ${name} row ${index}`;
    const id = episodeId(row[name], where);
    if (id === before) return false;
    if (finished.has(id)) throw cameBack(id, where);
    finished.add(id);
    before = id;
    return true;
  };
}

const cameBack = (id: unknown, where: string) =>
  new DataError(`the episode ${id} comes back after another one`, {
    where,
    expected: "the rows of an episode one after another",
    remedy: "sort the log by episode, then time; where logs were joined, give their episodes ids of their own",
  });

function episodeId(id: unknown, where: string): string | number | bigint {
  const usable = typeof id === "string" || typeof id === "bigint" || (typeof id === "number" && !Number.isNaN(id));
  if (usable) return id;
  throw new DataError(id === undefined ? "the column is missing" : `the value is ${shownValue(id)}`, {
    where,
    expected: "a number or text that tells episodes apart",
    remedy: "repair this row, or name the right column in the configuration",
  });
}
