const M0 = 0xd2511f53 | 0;
const M1 = 0xcd9e8d57 | 0;
const WEYL_0 = 0x9e3779b9 | 0;
const WEYL_1 = 0xbb67ae85 | 0;

/** Counter and key of the generator as unsigned 32-bit words. */
export type PhiloxCounter = readonly [number, number, number, number];
export type PhiloxKey = readonly [number, number];

/** High word of the product of two unsigned words, from their halves: every step fits 32 bits, which doubles would not be as fast for. */
function multiplyHigh(x: number, y: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const yLow = y & 0xffff;
  const yHigh = y >>> 16;
  const middle = Math.imul(xHigh, yLow);
  const other = Math.imul(xLow, yHigh);
  const carry = (Math.imul(xLow, yLow) >>> 16) + (middle & 0xffff) + (other & 0xffff);
  return (Math.imul(xHigh, yHigh) + (middle >>> 16) + (other >>> 16) + (carry >>> 16)) | 0;
}

/**
 * Philox 4x32-10: encrypt `blocks` consecutive counters with a key into four random words each.
 *
 * The first two words of the counter count as one number. `out` receives unsigned 32-bit words from its start on.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 3.3.
 */
export function philox4x32(counter: PhiloxCounter, key: PhiloxKey, out: Uint32Array, blocks: number): void {
  let low = counter[0] | 0;
  let high = counter[1] | 0;
  const third = counter[2] | 0;
  const fourth = counter[3] | 0;
  const key0 = key[0] | 0;
  const key1 = key[1] | 0;
  for (let at = 0; at < 4 * blocks; at += 4) {
    let x0 = low;
    let x1 = high;
    let x2 = third;
    let x3 = fourth;
    let k0 = key0;
    let k1 = key1;
    for (let round = 0; round < 10; round++) {
      const high0 = multiplyHigh(x0, M0);
      const high1 = multiplyHigh(x2, M1);
      const low0 = Math.imul(x0, M0);
      const low1 = Math.imul(x2, M1);
      x0 = high1 ^ x1 ^ k0;
      x1 = low1;
      x2 = high0 ^ x3 ^ k1;
      x3 = low0;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    out[at] = x0;
    out[at + 1] = x1;
    out[at + 2] = x2;
    out[at + 3] = x3;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
  }
}
