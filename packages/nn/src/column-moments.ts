export interface ColumnMoments {
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/** Mean and standard deviation (of the population) of each column of rows [count, width], in double precision. */
export function columnMoments(rows: Float32Array, width: number): ColumnMoments {
  const count = rows.length / width;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width]! += rows[i]! / count;
  for (let i = 0; i < rows.length; i++) square[i % width]! += (rows[i]! - mean[i % width]!) ** 2 / count;
  return { mean, std: square.map(Math.sqrt) };
}
