import { DataError } from "@lowerbound/core";

/**
 * The factor that makes a penalty an upper bound with a stated probability: the ceil((n + 1) level)-th smallest of
 * error / u over n calibration rows; Infinity where n is too small for the level.
 *
 * u scaled by it is at least the error with probability `level` on average over rows exchangeable with these; not on a
 * policy's visits. Rows where u and error are 0 count as 0, where u alone is 0 as Infinity.
 * Source: split conformal prediction (Vovk et al. 2005; Papadopoulos et al. 2002).
 * @throws DataError for different lengths
 */
export function conformalScale(u: ArrayLike<number>, error: ArrayLike<number>, level: number): number {
  if (u.length !== error.length) throw new DataError(`${u.length} penalties for ${error.length} errors`);
  const ratios = Float64Array.from(u, (value, i) => (error[i] === 0 ? 0 : error[i]! / value)).sort();
  const rank = Math.ceil((ratios.length + 1) * level);
  return ratios[rank - 1] ?? Infinity;
}
