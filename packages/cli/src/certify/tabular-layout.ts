import { DataError } from "@lowerbound/core";

/** What to do about a file that has another layout. */
export const LAYOUT = { remedy: "docs/certificates.md has the layout and an example" };

interface Sizes {
  readonly states: number;
  readonly actions: number;
}

type Rows = readonly (readonly number[])[];

/** An entry [state, action] of the file, flat. @throws DataError naming the row that has another length */
export function flatPairs(rows: Rows, { states, actions }: Sizes, where: string): Float64Array {
  checkLength(rows, states, { where, of: "state" });
  for (const [state, row] of rows.entries()) checkLength(row, actions, { where: `${where}.${state}`, of: "action" });
  return Float64Array.from(rows.flat());
}

/** An entry [state, action, next state] of the file, flat. @throws DataError naming the row that has another length */
export function flatTriples(rows: readonly Rows[], { states, actions }: Sizes, where: string): Float64Array {
  checkLength(rows, states, { where, of: "state" });
  for (const [state, pairs] of rows.entries()) {
    checkLength(pairs, actions, { where: `${where}.${state}`, of: "action" });
    for (const [action, row] of pairs.entries()) {
      checkLength(row, states, { where: `${where}.${state}.${action}`, of: "next state" });
    }
  }
  return Float64Array.from(rows.flat(2));
}

function checkLength(
  { length }: readonly unknown[],
  expected: number,
  { where, of }: { readonly where: string; readonly of: string },
): void {
  if (length === expected) return;
  throw new DataError(`${length} entries`, { where, expected: `${expected}, one for each ${of}`, ...LAYOUT });
}
