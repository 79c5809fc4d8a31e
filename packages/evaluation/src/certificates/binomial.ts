/**
 * P(X >= count) of a binomial X, exact up to rounding; `draws` of `probability` each.
 *
 * On the far side of the mean the terms fall from the first on, so the sum ends early; the near side is its complement.
 */
export function binomialTail(count: number, draws: number, probability: number): number {
  if (count <= 0) return 1;
  if (count > draws || probability <= 0) return 0;
  if (probability >= 1) return 1;
  if (count > draws * probability) return farTail(count, draws, probability);
  return 1 - farTail(draws - count + 1, draws, 1 - probability);
}

function farTail(count: number, draws: number, probability: number): number {
  const ways = logFactorial(draws) - logFactorial(count) - logFactorial(draws - count);
  let term = Math.exp(ways + count * Math.log(probability) + (draws - count) * Math.log1p(-probability));
  let sum = term;
  for (let k = count; k < draws && term > sum * Number.EPSILON; k++) {
    term *= ((draws - k) / (k + 1)) * (probability / (1 - probability));
    sum += term;
  }
  return sum;
}

const FEW = 20;

/** log n!, by Stirling's series where its first term left out, 1 / (1680 n^7), is below rounding. */
function logFactorial(n: number): number {
  if (n < FEW) return Math.log(Array.from({ length: n }, (_, k) => k + 1).reduce((product, k) => product * k, 1));
  const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + series;
}

const PRECISION = 1e-9;

/**
 * How far the probability of an outcome seen `count` times lies above `claimed` at least, but for a probability `failure`:
 * 0 exactly where P(X >= count) of the claim is not below `failure`.
 *
 * Source: the lower limit of Clopper and Pearson 1934, by bisection.
 */
export function surplus(claimed: number, { count, draws, failure }: Outcome): number {
  let [low, high] = [claimed, count / draws];
  if (!(high > low && binomialTail(count, draws, low) < failure)) return 0;
  while (high - low > PRECISION * high || low === claimed) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (binomialTail(count, draws, middle) < failure) low = middle;
    else high = middle;
  }
  return low - claimed;
}

/** How often an outcome was seen, and the probability of a wrong verdict on it. */
export interface Outcome {
  readonly count: number;
  readonly draws: number;
  readonly failure: number;
}
