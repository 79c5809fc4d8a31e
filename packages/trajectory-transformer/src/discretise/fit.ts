import { ConfigError, DataError } from "@lowerbound/core";
import type { Discretiser } from "./discretiser.js";

/**
 * Where a column's thresholds lie.
 *
 * - `quantile`: at values of the data, equally many of them in each bin (Janner et al. 2021);
 * - `uniform`: evenly between the least and the greatest value;
 * - `percentile`: quantiles with linear interpolation between neighbouring values.
 */
export const strategies = ["quantile", "uniform", "percentile"] as const;

export type Strategy = (typeof strategies)[number];

/**
 * Bins fitted to rows [rows, columns], each column on its own.
 *
 * A constant column gets equal thresholds: its value is the last bin, and comes back exactly. With fewer values than
 * bins some thresholds repeat and the bins between them stay empty. Quantiles are every ceil(rows / bins)-th value as
 * published; where that gives fewer than `bins` of them, on which the published class fails or clips wrongly, the bins
 * share the rows evenly.
 * @throws DataError where there are no rows, or a value that is not finite; ConfigError for fewer than 1 bin
 */
export function fitDiscretiser(
  data: ArrayLike<number>,
  columns: number,
  { bins, strategy }: { readonly bins: number; readonly strategy: Strategy },
): Discretiser {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new ConfigError(`${bins} bins`, { where: "sequence.bins", expected: "a whole number, at least 1" });
  }
  const rows = data.length / columns;
  if (rows < 1) throw new DataError("there are no rows to fit bins on", { where: "tokens" });
  const thresholds = new Float64Array(columns * (bins + 1));
  const values = new Float64Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) values[row] = data[row * columns + column]!;
    if (!values.every(Number.isFinite)) {
      throw new DataError(`dimension ${column} has a value that is not finite`, {
        where: "tokens",
        remedy: "find it with `lowerbound data doctor`",
      });
    }
    thresholds.set(THRESHOLDS[strategy](values.sort(), bins), column * (bins + 1));
  }
  return { bins, columns, thresholds };
}

type Thresholds = (sorted: Float64Array, bins: number) => Float64Array;

const THRESHOLDS: Readonly<Record<Strategy, Thresholds>> = {
  quantile: (sorted, bins) => {
    const each = Math.ceil(sorted.length / bins);
    const published = Math.ceil(sorted.length / each) === bins;
    const row = (i: number) => (published ? i * each : Math.floor((i * sorted.length) / bins));
    return spaced(bins, (i) => sorted[Math.min(row(i), sorted.length - 1)]!);
  },
  uniform: (sorted, bins) => {
    const [least, greatest] = [sorted[0]!, sorted.at(-1)!];
    return spaced(bins, (i) => (i === bins ? greatest : least + i * ((greatest - least) / bins)));
  },
  percentile: (sorted, bins) =>
    spaced(bins, (i) => {
      const at = (i * (sorted.length - 1)) / bins;
      const below = Math.min(Math.floor(at), Math.max(sorted.length - 2, 0));
      const above = Math.min(below + 1, sorted.length - 1);
      return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
    }),
};

const spaced = (bins: number, at: (index: number) => number): Float64Array =>
  Float64Array.from({ length: bins + 1 }, (_, index) => at(index));
