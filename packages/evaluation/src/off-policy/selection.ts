import { rankCorrelation, regretAtOne } from "../statistics/rank.js";

/** A candidate of an offline selection, with its true return where one was recorded. */
export interface Candidate {
  readonly name: string;
  readonly estimate: number;
  readonly truth?: number;
}

/** How well the choice by estimates ranks with the truth, over the candidates that have one. */
export interface SelectionQuality {
  readonly candidates: number;
  /** The best of them by its estimate; not the best of all where that one's truth is not known. */
  readonly chosen: string;
  /** Spearman's; NaN where estimates or truths do not vary. */
  readonly rankCorrelation: number;
  /** Their best true return less that of the chosen, in the return's unit. */
  readonly regretAtOne: number;
}

export interface Selection {
  /** Names, the best estimate first. */
  readonly order: readonly string[];
  /** Present with at least two candidates whose true return is known. */
  readonly quality?: SelectionQuality;
}

/** Choose among policies by their estimates; the truth is looked at afterwards, and only to judge the choice. */
export function selectByEstimate(candidates: readonly Candidate[]): Selection {
  const order = [...candidates].sort((a, b) => b.estimate - a.estimate).map(({ name }) => name);
  const known = candidates.flatMap(({ name, estimate, truth }) =>
    truth === undefined ? [] : [{ name, estimate, truth }],
  );
  const chosen = order.find((name) => known.some((each) => each.name === name));
  if (known.length < 2 || chosen === undefined) return { order };
  const estimates = known.map(({ estimate }) => estimate);
  const truths = known.map(({ truth }) => truth);
  return {
    order,
    quality: {
      candidates: known.length,
      chosen,
      rankCorrelation: rankCorrelation(estimates, truths),
      regretAtOne: regretAtOne(estimates, truths),
    },
  };
}
