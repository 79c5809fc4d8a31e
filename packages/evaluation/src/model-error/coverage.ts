import { normalCdf } from "./normal.js";

/** Gaussian predictions of several members, all [members, rows, dims]; variances as their logarithms. */
export interface GaussianMembers {
  readonly members: number;
  readonly rows: number;
  readonly dims: number;
  readonly mean: ArrayLike<number>;
  readonly logVar: ArrayLike<number>;
}

/**
 * Where targets [rows, dims] fall in the predicted distribution, the equal mixture of the members' Gaussians: its
 * cumulative distribution at the target, [rows, dims]; uniform on [0, 1] if the prediction is calibrated.
 */
export function probabilityIntegral(prediction: GaussianMembers, target: ArrayLike<number>): Float64Array {
  const { members, rows, dims, mean, logVar } = prediction;
  const size = rows * dims;
  const levels = new Float64Array(size);
  for (let member = 0; member < members; member++) {
    for (let i = 0; i < size; i++) {
      const at = member * size + i;
      levels[i]! += normalCdf((target[i]! - mean[at]!) * Math.exp(-0.5 * logVar[at]!)) / members;
    }
  }
  return levels;
}

/** How often central intervals of a predicted distribution held the target. */
export interface IntervalCoverage {
  /** What the interval promises, such as 0.9. */
  readonly level: number;
  /** Share of all entries inside it. */
  readonly covered: number;
}

/** Coverage of central intervals at several levels, from {@link probabilityIntegral}. */
export function intervalCoverage(integrals: ArrayLike<number>, levels: readonly number[]): readonly IntervalCoverage[] {
  return levels.map((level) => {
    const tail = (1 - level) / 2;
    let inside = 0;
    for (let i = 0; i < integrals.length; i++) {
      if (integrals[i]! >= tail && integrals[i]! <= 1 - tail) inside++;
    }
    return { level, covered: inside / integrals.length };
  });
}

/** Share of log-variances that lie within a tenth of a nat of a bound: there the model's noise is not learnt any more. */
export interface Saturation {
  readonly atMinimum: number;
  readonly atMaximum: number;
}

const NEAR = 0.1;

/** Saturation of log-variances [members, rows, dims] against bounds [members, dims] or [dims]. */
export function logVarianceSaturation(
  { members, rows, dims, logVar }: GaussianMembers,
  { minimum, maximum }: { readonly minimum: ArrayLike<number>; readonly maximum: ArrayLike<number> },
): Saturation {
  const bound = (bounds: ArrayLike<number>, member: number, d: number): number =>
    bounds[bounds.length === dims ? d : member * dims + d]!;
  let [low, high] = [0, 0];
  for (let i = 0; i < members * rows * dims; i++) {
    const [member, d] = [Math.floor(i / (rows * dims)), i % dims];
    if (logVar[i]! <= bound(minimum, member, d) + NEAR) low++;
    if (logVar[i]! >= bound(maximum, member, d) - NEAR) high++;
  }
  return { atMinimum: low / (members * rows * dims), atMaximum: high / (members * rows * dims) };
}
