import { ConfigError } from "@lowerbound/core";

/** Which tokens may be drawn. */
export interface TokenFilter {
  /** The k most likely ones, and what is as likely as the last of them; all if left out. */
  readonly topK?: number | undefined;
  /** The unlikely ones of this mass go; none if left out. */
  readonly cdf?: number | undefined;
}

/** @throws ConfigError for fewer than one token, or a mass outside of [0, 1) */
export function checkFilter({ topK = 1, cdf = 0 }: TokenFilter, where: string): void {
  if (!(Number.isInteger(topK) && topK >= 1)) {
    throw new ConfigError(`the ${topK} most likely tokens`, { where, expected: "a whole number, at least 1" });
  }
  if (!(cdf >= 0 && cdf < 1)) throw new ConfigError(`a mass of ${cdf}`, { where, expected: "at least 0, less than 1" });
}

/** Softmax of each row of logits [rows, tokens]. */
export function softmax(logits: ArrayLike<number>, tokens: number): Float64Array {
  const probabilities = Float64Array.from(logits);
  for (let from = 0; from < probabilities.length; from += tokens) {
    const row = probabilities.subarray(from, from + tokens);
    const highest = greatest(row);
    let sum = 0;
    for (let i = 0; i < tokens; i++) sum += row[i] = Math.exp(row[i]! - highest);
    for (let i = 0; i < tokens; i++) row[i]! /= sum;
  }
  return probabilities;
}

/**
 * Probabilities that tokens are drawn from: of each row of logits [rows, tokens], those that the filter leaves.
 *
 * First the mass, then the count. Of tokens sorted by probability upwards, the last one with which the sum stays below
 * `cdf` and all as unlikely as it go. Source: Trajectory Transformer's code, `filter_cdf` and `top_k_logits`; where no
 * sum stays below `cdf`, it removes every token by an index of -1, here none.
 */
export function filtered(logits: ArrayLike<number>, tokens: number, { topK, cdf }: TokenFilter): Float64Array {
  const probabilities = softmax(logits, tokens);
  const sorted = new Float64Array(tokens);
  for (let from = 0; from < probabilities.length; from += tokens) {
    const row = probabilities.subarray(from, from + tokens);
    if (cdf !== undefined && cdf > 0) keep(row, aboveMass(row, sorted, cdf));
    if (topK !== undefined && topK < tokens) keep(row, amongHighest(row, sorted, topK));
  }
  return probabilities;
}

/** Not a number where one is not. */
function greatest(row: ArrayLike<number>): number {
  let found = -Infinity;
  for (let i = 0; i < row.length; i++) found = Math.max(found, row[i]!);
  return found;
}

/** Zero those that are not kept; the rest sum to 1 again. */
function keep(row: Float64Array, kept: (probability: number) => boolean): void {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i] = kept(row[i]!) ? row[i]! : 0;
  for (let i = 0; i < row.length; i++) row[i]! /= sum;
}

function aboveMass(row: Float64Array, sorted: Float64Array, cdf: number): (probability: number) => boolean {
  let threshold = -1;
  let sum = 0;
  for (const probability of sortedUp(row, sorted)) {
    sum += probability;
    if (!(sum < cdf)) break;
    threshold = probability;
  }
  return (probability) => probability > threshold;
}

function amongHighest(row: Float64Array, sorted: Float64Array, k: number): (probability: number) => boolean {
  const least = k === 1 ? greatest(row) : sortedUp(row, sorted)[row.length - k]!;
  return (probability) => probability >= least;
}

function sortedUp(row: Float64Array, into: Float64Array): Float64Array {
  into.set(row);
  return into.sort();
}

/** Log-probability of one token of each row of logits [rows, tokens], in nats. */
export function logProbabilities(logits: ArrayLike<number>, tokens: number, chosen: ArrayLike<number>): Float64Array {
  const found = new Float64Array(chosen.length);
  for (let row = 0; row < chosen.length; row++) {
    const from = row * tokens;
    let highest = logits[from]!;
    for (let i = 1; i < tokens; i++) if (logits[from + i]! > highest) highest = logits[from + i]!;
    let sum = 0;
    for (let i = 0; i < tokens; i++) sum += Math.exp(logits[from + i]! - highest);
    found[row] = logits[from + chosen[row]!]! - highest - Math.log(sum);
  }
  return found;
}
