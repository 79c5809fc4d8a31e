/** What decides when to stop and which weights to keep; plain numbers, so that it can lie in a checkpoint. */
export interface Patience {
  /** Least holdout error of each member so far; {@link UNTRIED} before the first finite one. */
  readonly best: readonly number[];
  /** Epochs in a row in which no member improved. */
  readonly epochsWithout: number;
}

/** Any finite error improves on this, and JSON can hold it. */
export const UNTRIED = Number.MAX_VALUE;

export const freshPatience = (members: number): Patience => ({
  best: new Array<number>(members).fill(UNTRIED),
  epochsWithout: 0,
});

export interface Verdict {
  readonly patience: Patience;
  /** Members whose weights are to be kept. */
  readonly improved: readonly number[];
}

/** Judge an epoch's holdout errors: a member improved when its error fell by more than `relativeImprovement` of its best. */
export function judge(patience: Patience, errors: ArrayLike<number>, relativeImprovement: number): Verdict {
  const improved: number[] = [];
  const best = patience.best.map((old, member) => {
    const error = errors[member]!;
    if (!((old - error) / old > relativeImprovement)) return old;
    improved.push(member);
    return error;
  });
  return { patience: { best, epochsWithout: improved.length > 0 ? 0 : patience.epochsWithout + 1 }, improved };
}

/** Members of least error, best first; of equal ones the first. */
export function chooseElites(errors: ArrayLike<number>, count: number): Int32Array {
  const order = Array.from({ length: errors.length }, (_, member) => member);
  order.sort((a, b) => errors[a]! - errors[b]! || a - b);
  return Int32Array.from(order.slice(0, count));
}
