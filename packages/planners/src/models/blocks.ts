const SMALLEST = 16;

/**
 * Sizes that `count` rows are cut into: powers of two from 16 to `largest`, few of them, and little of the last left empty.
 *
 * Programs are compiled for each size, so searches that ask for ever other numbers of rows need a handful of them.
 */
export function blocksOf(count: number, largest: number): readonly number[] {
  const blocks: number[] = [];
  for (let left = count; left > 0; ) {
    const block = Math.min(blockFor(left), powerBelow(largest));
    blocks.push(block);
    left -= block;
  }
  return blocks;
}

/** The power of two above, or the one below where more than a quarter of that above would stay empty. */
function blockFor(rows: number): number {
  let power = SMALLEST;
  while (power < rows) power *= 2;
  return power === SMALLEST || rows > 0.75 * power ? power : power / 2;
}

const powerBelow = (largest: number): number => Math.max(2 ** Math.floor(Math.log2(largest)), SMALLEST);

/** Rows [from, from + block) of data [count, width]; what is missing repeats the last row. */
export function paddedRows(data: Float32Array, width: number, from: number, block: number): Float32Array {
  const rows = new Float32Array(block * width);
  const present = data.subarray(from * width, (from + block) * width);
  rows.set(present);
  const last = present.subarray(present.length - width);
  for (let at = present.length; at < rows.length; at += width) rows.set(last, at);
  return rows;
}
