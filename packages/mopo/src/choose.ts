/** What a candidate came to. */
export type Verdict = {
  /** What candidates are compared by; null where it is no finite number, or training failed. */
  readonly score: number | null;
  /** What the score was made of. */
  readonly figures: { readonly [name: string]: number | null };
};

export type JudgedPenalty = Verdict & { readonly penaltyCoefficient: number };

export interface PenaltyChoice {
  readonly penaltyCoefficient: number;
  readonly reason: string;
}

/**
 * The candidate of the largest score, of equal ones the first; where none has a score, the most careful one.
 *
 * A score without a number loses: a policy that runs its model off to infinity found one of its errors.
 */
export function choosePenalty(candidates: readonly JudgedPenalty[], score: string): PenaltyChoice {
  const size = (candidate: JudgedPenalty): number => candidate.score ?? Number.NEGATIVE_INFINITY;
  const best = candidates.reduce((most, each) => (size(each) > size(most) ? each : most));
  if (best.score !== null) return { penaltyCoefficient: best.penaltyCoefficient, reason: `largest ${score}` };
  const careful = Math.max(...candidates.map(({ penaltyCoefficient }) => penaltyCoefficient));
  return { penaltyCoefficient: careful, reason: `no candidate has a finite ${score}: the largest is the most careful` };
}
