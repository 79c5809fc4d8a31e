const COEFFICIENTS = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429] as const;

/** Cumulative distribution of the standard normal, to 1e-7. Source: Abramowitz and Stegun, formula 7.1.26. */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const polynomial = COEFFICIENTS.reduceRight((sum, coefficient) => (sum + coefficient) * t, 0);
  const tail = 0.5 * polynomial * Math.exp(-z * z);
  return x >= 0 ? 1 - tail : tail;
}

/** log density of N(mean, std^2) at x. */
export const normalLogDensity = (x: number, mean: number, std: number): number =>
  -0.5 * ((x - mean) / std) ** 2 - Math.log(std) - 0.5 * Math.log(2 * Math.PI);
