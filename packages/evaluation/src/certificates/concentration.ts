import { DataError } from "@lowerbound/core";

/**
 * Radius that total variation from the truth exceeds with probability at most `failure`, after so many draws of one of
 * `states` outcomes; at most 1, and 1 without draws.
 *
 * Source: Weissman et al. 2003, P(L1 >= e) <= (2^states - 2) exp(-n e^2 / 2); total variation is half of L1.
 */
export function transitionRadius(draws: number, states: number, failure: number): number {
  checkFailure(failure);
  if (states <= 1) return 0;
  if (draws === 0) return 1;
  // log(2^states - 2), written so that 2^states cannot overflow.
  const sets = states * Math.LN2 + Math.log1p(-(2 ** (1 - states)));
  return Math.min(1, Math.sqrt((2 * (sets - Math.log(failure))) / draws) / 2);
}

/** The same for the mean of rewards within a span (Hoeffding 1963, both sides); at most the span. */
export function rewardRadius(draws: number, span: number, failure: number): number {
  checkFailure(failure);
  return draws === 0 ? span : Math.min(span, span * Math.sqrt(Math.log(2 / failure) / (2 * draws)));
}

function checkFailure(failure: number): void {
  if (failure > 0 && failure < 1) return;
  throw new DataError(`probability of failure is ${failure}`, { expected: "a number between 0 and 1" });
}
