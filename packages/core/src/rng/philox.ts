const M0_HIGH = 0xd251;
const M0_LOW = 0x1f53;
const M0 = 0xd2511f53;
const M1_HIGH = 0xcd9e;
const M1_LOW = 0x8d57;
const M1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** Counter and key of the generator as unsigned 32-bit words. */
export type PhiloxCounter = readonly [number, number, number, number];
export type PhiloxKey = readonly [number, number];

/** High word of a 32 x 32 bit product, the constant given in 16-bit halves so that doubles stay exact. */
function multiplyHigh(x: number, high: number, low: number): number {
  return Math.floor((x * high + Math.floor((x * low) / 65536)) / 65536);
}

/**
 * Philox 4x32-10: encrypt one counter with a key into four random words.
 *
 * `out` receives unsigned 32-bit words at `offset`.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 3.3.
 */
export function philox4x32(counter: PhiloxCounter, key: PhiloxKey, out: Uint32Array, offset: number): void {
  let [x0, x1, x2, x3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(x0, M0_HIGH, M0_LOW);
    const high1 = multiplyHigh(x2, M1_HIGH, M1_LOW);
    const low0 = Math.imul(x0, M0) >>> 0;
    const low1 = Math.imul(x2, M1) >>> 0;
    x0 = (high1 ^ x1 ^ k0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ k1) >>> 0;
    x3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[offset] = x0;
  out[offset + 1] = x1;
  out[offset + 2] = x2;
  out[offset + 3] = x3;
}
