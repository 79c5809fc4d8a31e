import type { RowPiece } from "../rows.js";

/**
 * Which entries of the observation single precision cannot follow: at least half of their changes from row to row are lost.
 *
 * Seconds since 1970, say, are rounded to multiples of 128.
 */
export function collapseScan(width: number) {
  const changes = new Float64Array(width);
  const lost = new Float64Array(width);
  const take = ({ exact }: RowPiece): void => {
    if (exact === undefined) return;
    for (let i = width; i < exact.length; i++) {
      if (exact[i] === exact[i - width]) continue;
      changes[i % width]! += 1;
      if (Math.fround(exact[i]!) === Math.fround(exact[i - width]!)) lost[i % width]! += 1;
    }
  };
  const entries = (): readonly number[] =>
    Array.from(changes.keys()).filter((entry) => lost[entry]! > 0 && 2 * lost[entry]! >= changes[entry]!);
  return { take, entries };
}
