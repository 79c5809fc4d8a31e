import { DataError } from "@lowerbound/core";
import { mean } from "./scores.js";

/** Ranks from 1, equal values sharing their mean rank. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (const index of order.slice(from, to)) out[index] = (from + 1 + to) / 2;
    from = to;
  }
  return out;
}

/** Pearson's correlation; NaN where one side does not vary. @throws DataError for different lengths */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new DataError(`${x.length} values against ${y.length}`, { where: "correlation" });
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i]! - meanX, y[i]! - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Spearman's rank correlation, ties at their mean rank; NaN where one side does not vary. */
export const rankCorrelation = (x: ArrayLike<number>, y: ArrayLike<number>): number => correlation(ranks(x), ranks(y));

/**
 * What choosing the best `estimates` costs: the best truth less the truth of the chosen, in the truth's unit; the first
 * of equal estimates is chosen. Source: Fu et al. 2021, "Benchmarks for deep off-policy evaluation", section 3.
 */
export function regretAtOne(estimates: ArrayLike<number>, truths: ArrayLike<number>): number {
  let [chosen, best] = [0, -Infinity];
  for (let i = 0; i < truths.length; i++) {
    if (estimates[i]! > estimates[chosen]!) chosen = i;
    best = Math.max(best, truths[i]!);
  }
  return best - truths[chosen]!;
}
