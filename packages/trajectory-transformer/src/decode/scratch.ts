import { gatherPieces, keysOf, originOf, type Piece, type Segment, type SegmentSizes } from "./segments.js";

/** Room in which the pasts of a batch are laid out, used again from batch to batch. */
export interface Scratch {
  /** The pieces of each node one after another, `nodes` rows; laid out once as long as the same nodes are asked for. */
  past(sequences: readonly (readonly Piece[])[], nodes: number): Segment;
  /** One piece a node: where all lie in order in one segment of as many rows, that segment. */
  last(pieces: readonly Piece[], nodes: number): Segment;
}

export function createScratch(sizes: SegmentSizes): Scratch {
  const rooms = [createRoom(sizes), createRoom(sizes)] as const;
  let current: 0 | 1 = 0;
  const last = createRoom(sizes);
  let loaded: readonly (readonly Piece[])[] = [];
  let held: Segment | undefined;
  return {
    past: (sequences, nodes) => {
      if (held !== undefined && held.rows === nodes && sameSequences(loaded, sequences)) return held;
      current = current === 0 ? 1 : 0;
      const into = rooms[current](nodes, keysOf(sequences[0] ?? []));
      gatherPieces(into, held === undefined ? sequences : fromHeld(sequences, loaded, held), sizes);
      [held, loaded] = [into, sequences];
      return held;
    },
    last: (pieces, nodes) => {
      const { segment } = pieces[0]!;
      if (segment.rows === nodes && pieces.every((piece, row) => piece.segment === segment && piece.row === row)) {
        return segment;
      }
      const into = last(nodes, segment.count);
      gatherPieces(
        into,
        pieces.map((piece) => [piece]),
        sizes,
      );
      return into;
    },
  };
}

/** Sequences that extend one laid out before take it from there, in one piece: most of them do. */
function fromHeld(
  sequences: readonly (readonly Piece[])[],
  loaded: readonly (readonly Piece[])[],
  segment: Segment,
): readonly (readonly Piece[])[] {
  const rows = new Map(loaded.map((pieces, row) => [pieces, row]));
  return sequences.map((pieces) => {
    const origin = originOf(pieces);
    const row = origin === undefined || origin.before.length === 0 ? undefined : rows.get(origin.before);
    return origin === undefined || row === undefined ? pieces : [{ segment, row }, ...origin.added];
  });
}

const sameSequences = (a: readonly (readonly Piece[])[], b: readonly (readonly Piece[])[]): boolean =>
  a.length === b.length && a.every((pieces, i) => pieces === b[i]);

/** Segments of any size in memory that grows to the largest one; views of a size are made once. */
function createRoom({ layers, heads, size }: SegmentSizes): (rows: number, count: number) => Segment {
  let length = 0;
  let buffers: readonly ArrayBuffer[] = [];
  const views = new Map<string, Segment>();
  return (rows, count) => {
    const needed = heads * rows * count * size;
    if (needed > length) {
      length = needed;
      buffers = Array.from({ length: 2 * layers }, () => new ArrayBuffer(4 * length));
      views.clear();
    }
    const name = `${rows} ${count}`;
    const view = (i: number) => new Float32Array(buffers[i]!, 0, needed);
    const found = views.get(name) ?? {
      rows,
      count,
      keys: Array.from({ length: layers }, (_, layer) => view(layer)),
      values: Array.from({ length: layers }, (_, layer) => view(layers + layer)),
    };
    views.set(name, found);
    return found;
  };
}
