/**
 * What a network keeps of some tokens, for several sequences side by side: the Transformer their keys and values, the LSTM,
 * as if of one token of one head, its hidden states and cells after them; without a cache, keys are the tokens themselves.
 */
export interface Segment {
  readonly rows: number;
  /** Keys a row. */
  readonly count: number;
  /** Of each layer: [heads, rows, count, size]. */
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

/** One row of a segment. */
export interface Piece {
  readonly segment: Segment;
  readonly row: number;
}

const origins = new WeakMap<readonly Piece[], Extension>();

interface Extension {
  readonly before: readonly Piece[];
  readonly added: readonly Piece[];
}

/** A past and what follows it; remembers the past, which may lie ready in memory. */
export function extended(before: readonly Piece[], added: readonly Piece[]): readonly Piece[] {
  const pieces = [...before, ...added];
  origins.set(pieces, { before, added });
  return pieces;
}

/** How a past came about by {@link extended}. */
export const originOf = (pieces: readonly Piece[]): Extension | undefined => origins.get(pieces);

export interface SegmentSizes {
  readonly layers: number;
  readonly heads: number;
  readonly size: number;
}

export function newSegment({ layers, heads, size }: SegmentSizes, rows: number, count: number): Segment {
  const arrays = () => Array.from({ length: layers }, () => new Float32Array(heads * rows * count * size));
  return { rows, count, keys: arrays(), values: arrays() };
}

export const keysOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { segment }) => sum + segment.count, 0);

/** Write a token's rows [heads, rows, size] of each layer as key number `at` of a segment. */
export function writeToken(
  into: Segment,
  at: number,
  layer: number,
  rows: { keys: Float32Array; values: Float32Array },
  size: number,
): void {
  copyToken(into.keys[layer]!, rows.keys, at, into.count, size);
  copyToken(into.values[layer]!, rows.values, at, into.count, size);
}

function copyToken(into: Float32Array, from: Float32Array, at: number, count: number, size: number): void {
  const rows = from.length / size;
  for (let row = 0; row < rows; row++) {
    const to = (row * count + at) * size;
    const start = row * size;
    for (let d = 0; d < size; d++) into[to + d] = from[start + d]!;
  }
}

/**
 * Lay the pieces of each sequence one after another: sequences [rows][pieces], all of as many keys, into `into`.
 *
 * Rows of `into` beyond the sequences keep what they hold.
 */
export function gatherPieces(
  into: Segment,
  sequences: readonly (readonly Piece[])[],
  { heads, size }: SegmentSizes,
): void {
  for (const kind of ["keys", "values"] as const) {
    into[kind].forEach((target, layer) => {
      for (let head = 0; head < heads; head++) {
        sequences.forEach((pieces, row) => {
          let at = (head * into.rows + row) * into.count * size;
          for (const { segment, row: from } of pieces) {
            const length = segment.count * size;
            const start = (head * segment.rows + from) * length;
            target.set(segment[kind][layer]!.subarray(start, start + length), at);
            at += length;
          }
        });
      }
    });
  }
}

/** Put row `parents[i]` in the place of row i; rows beyond the parents keep what they hold. */
export function reorderRows(segment: Segment, parents: ArrayLike<number>, heads: number): void {
  for (const data of [...segment.keys, ...segment.values]) {
    const before = data.slice();
    const width = data.length / (heads * segment.rows);
    for (let head = 0; head < heads; head++) {
      for (let row = 0; row < parents.length; row++) {
        const from = (head * segment.rows + parents[row]!) * width;
        data.set(before.subarray(from, from + width), (head * segment.rows + row) * width);
      }
    }
  }
}

interface BlockPlace {
  readonly heads: number;
  readonly rows: number;
  readonly block: number;
  readonly from: number;
  readonly present: number;
}

/** [heads, block, ...] into rows [from, from + present) of [heads, rows, ...]. */
export function copyRows(
  into: Float32Array,
  source: Float32Array,
  { heads, rows, block, from, present }: BlockPlace,
): void {
  const width = source.length / (heads * block);
  for (let head = 0; head < heads; head++) {
    const start = head * block * width;
    into.set(source.subarray(start, start + present * width), (head * rows + from) * width);
  }
}
