import { ConfigError, DataError } from "@lowerbound/core";

/** What is added to a value before it is compared with thresholds: absolute + relative |value|. */
export interface Slack {
  readonly absolute: number;
  readonly relative: number;
}

/** Bins of each column: between `thresholds` [columns, bins + 1], which rise along a row, repeated ones allowed. */
export interface Discretiser {
  readonly bins: number;
  readonly columns: number;
  readonly thresholds: ArrayLike<number>;
  /** None if left out. */
  readonly slack?: Slack;
}

/** Neighbouring columns: `count` of them from `from` on. */
export interface ColumnRange {
  readonly from: number;
  readonly count: number;
}

const allColumns = ({ columns }: Discretiser): ColumnRange => ({ from: 0, count: columns });

/**
 * Tokens of values: the last of the bins whose lower threshold the value reaches.
 *
 * values [rows, columns] -> int32 of the same shape, in [0, bins - 1]: values outside the thresholds count to the first
 * or the last bin, and among repeated thresholds the last one counts.
 * Source: Trajectory Transformer (Janner et al. 2021), whose code does the same.
 * @throws DataError for a value that is not a number
 */
export function encode(
  discretiser: Discretiser,
  values: ArrayLike<number>,
  { from, count } = allColumns(discretiser),
): Int32Array {
  const tokens = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) tokens[i] = tokenOf(discretiser, from + (i % count), values[i]!);
  return tokens;
}

/** How many thresholds but the first the value reaches: found by halving. */
function tokenOf({ bins, thresholds, slack }: Discretiser, column: number, value: number): number {
  if (Number.isNaN(value)) throw new DataError(`a value of dimension ${column} is not a number`, { where: "tokens" });
  const reached = slack === undefined ? value : value + slack.absolute + slack.relative * Math.abs(value);
  const first = column * (bins + 1) + 1;
  let [low, high] = [0, bins - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (thresholds[first + middle]! <= reached) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Middle of each bin [columns, bins]. */
export function centresOf({ bins, columns, thresholds }: Discretiser): Float64Array {
  return Float64Array.from({ length: columns * bins }, (_, i) => {
    const lower = Math.floor(i / bins) * (bins + 1) + (i % bins);
    return (thresholds[lower]! + thresholds[lower + 1]!) / 2;
  });
}

const known = new WeakMap<Discretiser, Float64Array>();

/** {@link centresOf}, made once: planning asks for them at each token. */
function knownCentres(discretiser: Discretiser): Float64Array {
  const centres = known.get(discretiser) ?? centresOf(discretiser);
  known.set(discretiser, centres);
  return centres;
}

/**
 * Values of tokens [rows, columns]: the middles of their bins; the termination token `bins` is read as the last bin.
 *
 * @throws ConfigError for a token that is neither
 */
export function decode(
  discretiser: Discretiser,
  tokens: ArrayLike<number>,
  { from, count } = allColumns(discretiser),
): Float64Array {
  const { bins } = discretiser;
  const centres = knownCentres(discretiser);
  return Float64Array.from(tokens, (token, i) => {
    checkToken(token, bins);
    return centres[(from + (i % count)) * bins + Math.min(token, bins - 1)]!;
  });
}

/** @throws ConfigError for what is neither a bin nor the termination token */
export function checkToken(token: number, bins: number): void {
  if (Number.isInteger(token) && token >= 0 && token <= bins) return;
  throw new ConfigError(`${token} is not a token`, { where: "tokens", expected: `an integer from 0 to ${bins}` });
}

/**
 * Expected values under probabilities [rows, columns, tokens], `tokens` being bins or bins + 1: [rows, columns].
 *
 * The termination token's mass counts as value 0, as in the published code: it is dropped and the rest not rescaled.
 */
export function expectation(
  discretiser: Discretiser,
  probabilities: ArrayLike<number>,
  tokens: number,
  { from, count } = allColumns(discretiser),
): Float64Array {
  const { bins } = discretiser;
  const centres = knownCentres(discretiser);
  return Float64Array.from({ length: probabilities.length / tokens }, (_, i) => {
    const first = (from + (i % count)) * bins;
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) sum += probabilities[i * tokens + bin]! * centres[first + bin]!;
    return sum;
  });
}
