import { DataError, nearest } from "@lowerbound/core";
import { type Columns, naming } from "./columns.js";

/** Refuse options that name a column which is not there. @throws DataError naming option, column and those there are */
export function checkColumns(columns: Columns, present: readonly string[], where: string): void {
  for (const option of naming) {
    const named = [columns[option] ?? []].flat();
    const missing = named.find((name) => !present.includes(name));
    if (missing === undefined) continue;
    const similar = nearest(missing, present);
    const right = named.map((name) => (name === missing ? (similar ?? "COLUMN") : name)).join(",");
    throw new DataError(`the column "${missing}" is missing`, {
      where,
      expected: present.length === 0 ? "a row with columns" : `one of ${present.join(", ")}`,
      remedy: `${similar === undefined ? "name the right one:" : `did you mean "${similar}"?`} --dataset.${option} ${right}`,
    });
  }
}
