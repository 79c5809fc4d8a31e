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

/** What candidates are chosen by. */
export interface ChoiceRule {
  /** What they are compared by, in words. */
  readonly by: string;
  /** Most that a candidate's sum of u may be; null where nothing is known of it. */
  readonly reach: number | null;
}

/**
 * The candidate of the largest score among those within reach, of equal ones the first; where none is left, the most
 * careful one of those that did not run off, since training anew with one that did would end as it did.
 *
 * The coefficient was seen to cover stretches of logged episodes, and says nothing of sums of u beyond all of theirs. Source:
 * MOPO (Yu et al. 2020), theorem 4.4, pi^delta: the best policy among those with eps_u <= delta. A score without a number
 * loses: a policy that runs its model off to infinity found one of its errors.
 */
export function choosePenalty(candidates: readonly JudgedPenalty[], { by, reach }: ChoiceRule): PenaltyChoice {
  const size = ({ score, figures: { uncertainty } }: JudgedPenalty): number =>
    score === null || (reach !== null && !((uncertainty ?? Infinity) <= reach)) ? Number.NEGATIVE_INFINITY : score;
  const best = candidates.reduce((most, each) => (size(each) > size(most) ? each : most));
  if (Number.isFinite(size(best))) return { penaltyCoefficient: best.penaltyCoefficient, reason: `largest ${by}` };
  const scored = candidates.filter(({ score }) => score !== null);
  const rest = scored.length > 0 ? scored : candidates;
  const careful = Math.max(...rest.map(({ penaltyCoefficient }) => penaltyCoefficient));
  const largest = rest.length < candidates.length ? "the largest that did not run off" : "the largest";
  const asked = reach === null ? `a finite ${by}` : `a finite ${by} within a sum of u of ${reach.toPrecision(3)}`;
  return { penaltyCoefficient: careful, reason: `no candidate has ${asked}: ${largest} is the most careful` };
}
