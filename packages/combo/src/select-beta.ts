/** A candidate and the critic gap of its training on held-out data. */
export interface BetaTerm {
  readonly beta: number;
  /** Null where it is no finite number. */
  readonly term: number | null;
}

export interface BetaChoice {
  readonly beta: number;
  /** False where no candidate's critic values the data above the model. */
  readonly passed: boolean;
}

/**
 * The candidate whose term is smallest; it passes the test if that is negative.
 *
 * Source: COMBO (Yu et al. 2021), section 5. The terms are compared without their weight: with it the largest beta
 * would win by its size alone. A term that is not finite loses.
 */
export function chooseBeta(terms: readonly BetaTerm[]): BetaChoice {
  const size = ({ term }: BetaTerm): number => term ?? Number.POSITIVE_INFINITY;
  const best = terms.reduce((least, each) => (size(each) < size(least) ? each : least));
  return { beta: best.beta, passed: size(best) < 0 };
}
