/** Least share of a column's size (its mean, or 1) that counts as spread: below it lies the rounding of float32 data. */
const LEAST_SPREAD = 1e-6;

export interface ColumnMoments {
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/** Mean and standard deviation (of the population) of each column of rows [count, width], in double precision. */
export function columnMoments(rows: ArrayLike<number>, width: number): ColumnMoments {
  const count = rows.length / width;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width]! += rows[i]! / count;
  for (let i = 0; i < rows.length; i++) square[i % width]! += (rows[i]! - mean[i % width]!) ** 2 / count;
  return { mean, std: square.map(Math.sqrt) };
}

/**
 * What to divide a column by to standardise it: its standard deviation, or 1 where the column is constant but for rounding.
 *
 * The bound goes by the mean's size, since a mean's own rounding error gives constant columns a spread.
 */
export const divisorOf = (mean: number, std: number): number =>
  std < LEAST_SPREAD * Math.max(1, Math.abs(mean)) ? 1 : std;
