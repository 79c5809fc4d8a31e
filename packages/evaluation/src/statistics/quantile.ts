/** The level-quantile of ascending values, linear between neighbours (NumPy's default); NaN of nothing. */
export function quantileSorted(sorted: ArrayLike<number>, level: number): number {
  const at = level * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  // At a value itself its neighbour does not count, which may be infinite; two infinite ones have no difference.
  return at === below || low === high ? low : low + (high - low) * (at - below);
}

/** The same of values in any order. */
export const quantile = (values: ArrayLike<number>, level: number): number =>
  quantileSorted(Float64Array.from(values).sort(), level);

/** An interval of values. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The central share `confidence` of values. */
export function centralInterval(values: ArrayLike<number>, confidence: number): Interval {
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) };
}
