/** A gap of at least this many: as many are passed over, and the next draw goes on from there. */
const LONG = 255;

const tables = new Map<number, Uint8Array>();

/**
 * How many failures come before a success of the given probability, by 16 random bits: the quantiles of the geometric
 * distribution, which tell a probability to within some 2^-16.
 */
export function gapsOf(probability: number): Uint8Array {
  const known = tables.get(probability);
  if (known !== undefined) return known;
  const scale = 1 / Math.log1p(-probability);
  const gaps = Uint8Array.from({ length: 2 ** 16 }, (_, i) =>
    Math.min(LONG, Math.floor(Math.log1p(-(i + 0.5) / 2 ** 16) * scale)),
  );
  tables.set(probability, gaps);
  return gaps;
}

interface Draws {
  readonly gaps: Uint8Array;
  /** Uniform random numbers of 16 bits. */
  readonly halves: Uint16Array;
}

/** Write `value` after each gap, from an index on; returns the index at which the next gap begins. */
export function placeAtGaps(out: Uint8Array, from: number, value: number, { gaps, halves }: Draws): number {
  let at = from;
  for (let i = 0; i < halves.length && at < out.length; i++) {
    const gap = gaps[halves[i]!]!;
    at += gap;
    if (gap === LONG) continue;
    if (at < out.length) out[at] = value;
    at++;
  }
  return at;
}
