import { type ColumnMoments, columnMoments, divisorOf } from "@lowerbound/nn";

/** Errors of predictions against targets, both [rows, dims]. */
export interface PredictionErrors {
  readonly rows: number;
  /** Root of the mean over rows and dimensions of the squared error, each dimension over the targets' spread. */
  readonly normalised: number;
  /** Root mean squared error of each dimension, and its scale's standard deviation, 0 where constant but for rounding. */
  readonly perDimension: readonly { readonly rmse: number; readonly spread: number }[];
}

/** Euclidean norm of each row's difference over the first `look` of `dims` dimensions, [rows]. */
export function errorNorms(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  { dims, look = dims }: { readonly dims: number; readonly look?: number },
): Float64Array {
  const norms = new Float64Array(target.length / dims);
  for (let row = 0; row < norms.length; row++) {
    let sum = 0;
    for (let d = 0; d < look; d++) sum += (predicted[row * dims + d]! - target[row * dims + d]!) ** 2;
    norms[row] = Math.sqrt(sum);
  }
  return norms;
}

/**
 * Root mean squared errors, each dimension beside the spread of its scale: a model that predicts no change has a
 * normalised error of about 1 where `scale` holds the changes.
 *
 * predicted, target, scale [rows, dims]; `scale` is what spreads are taken of, the targets themselves if left out. A
 * dimension without spread counts in its own unit.
 */
export function predictionErrors(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  dims: number,
  scale: ArrayLike<number> = target,
): PredictionErrors {
  const rows = target.length / dims;
  const moments = columnMoments(scale, dims);
  const [{ std }, divisors] = [moments, divisorsOf(moments)];
  const perDimension = Array.from({ length: dims }, (_, d) => {
    let square = 0;
    for (let row = 0; row < rows; row++) square += (predicted[row * dims + d]! - target[row * dims + d]!) ** 2;
    return { rmse: Math.sqrt(square / rows), spread: divisors[d] === std[d] ? std[d]! : 0 };
  });
  const share = perDimension.reduce((sum, { rmse }, d) => sum + (rmse / divisors[d]!) ** 2, 0) / dims;
  return { rows, normalised: Math.sqrt(share), perDimension };
}

/** What to divide each dimension of values [rows, dims] by: its standard deviation, 1 where constant but for rounding. */
export const scalesOf = (values: ArrayLike<number>, dims: number): Float64Array =>
  divisorsOf(columnMoments(values, dims));

const divisorsOf = ({ mean, std }: ColumnMoments): Float64Array => std.map((spread, d) => divisorOf(mean[d]!, spread));
