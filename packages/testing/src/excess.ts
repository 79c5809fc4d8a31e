/** How far a result lies from the one that is wanted, in units of what is allowed; no number, or another infinity, is infinitely far. */
export function excessOf(got: number, want: number, allowed: number): number {
  if (Object.is(got, want) || got === want) return 0;
  const excess = Math.abs(got - want) / allowed;
  return Number.isNaN(excess) ? Infinity : excess;
}
