import { DataError } from "@lowerbound/core";
import { bad, type Place, type Row } from "./columns.js";

/**
 * Tells of each row in turn whether its episode is another than that of the row before.
 *
 * @throws DataError for an id that comes back after another one: then steps of several episodes are mixed
 */
export function episodeIds(name: string, path: string): (row: Row, index: number) => boolean {
  const finished = new Set<unknown>();
  let before: unknown;
  return (row, index) => {
    const place = { path, row: index };
    const id = episodeId(row[name], name, place);
    if (id === before) return false;
    if (finished.has(id)) throw cameBack(id, name, place);
    finished.add(id);
    before = id;
    return true;
  };
}

const cameBack = (id: unknown, name: string, { path, row }: Place) =>
  new DataError(`the episode ${id} comes back after another one`, {
    where: `${path} ${name} row ${row}`,
    expected: "the rows of an episode one after another",
    remedy: "sort the log by episode, then time; where logs were joined, give their episodes ids of their own",
  });

/** What can be compared by ===; of dates and times, which Parquet has, their text. */
function episodeId(id: unknown, name: string, place: Place): string | number | bigint {
  if (id instanceof Date && !Number.isNaN(id.getTime())) return id.toISOString();
  const usable = typeof id === "string" || typeof id === "bigint" || (typeof id === "number" && !Number.isNaN(id));
  if (usable) return id;
  throw bad(id, name, place, "a number, text, date or time that tells episodes apart");
}
