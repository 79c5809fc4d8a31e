import { ConfigError, NumericalError } from "@lowerbound/core";

/**
 * Indices of the `count` highest finite scores, best first, equal ones in their order; fewer where fewer are finite.
 *
 * A score that is NaN or infinite always loses; public code turns NaN into -1e-10, which beats every negative return.
 * @throws ConfigError for an empty candidate set
 * @throws NumericalError when no score is finite
 */
export function bestFirst(scores: ArrayLike<number>, count: number): readonly number[] {
  if (scores.length === 0) {
    throw new ConfigError("there are no candidates to choose from", {
      where: "plan",
      expected: "at least one action sequence or continuation",
    });
  }
  const finite = Array.from(scores, (_, index) => index).filter((index) => Number.isFinite(scores[index]));
  if (finite.length === 0) {
    throw new NumericalError(`none of ${scores.length} candidates has a finite score: the first is ${scores[0]}`, {
      where: "plan",
      remedy: "check the model's tensors, its training loss, and the observation",
    });
  }
  return finite.sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, count);
}

/** The best sequence seen so far. */
export interface Incumbent {
  /** Look at sequences [population, ...] with their scores. */
  offer(sequences: Float32Array, scores: ArrayLike<number>): void;
  /** @throws NumericalError if no offered score was finite */
  best(): { readonly sequence: Float32Array; readonly score: number };
  /** The same; undefined while no offered score was finite. */
  found(): { readonly sequence: Float32Array; readonly score: number } | undefined;
}

export function createIncumbent(): Incumbent {
  let kept: { sequence: Float32Array; score: number } | undefined;
  return {
    offer: (sequences, scores) => {
      const length = sequences.length / scores.length;
      for (let i = 0; i < scores.length; i++) {
        const score = scores[i]!;
        if (!Number.isFinite(score) || (kept !== undefined && score <= kept.score)) continue;
        kept = { sequence: sequences.slice(i * length, (i + 1) * length), score };
      }
    },
    best: () => {
      if (kept !== undefined) return kept;
      throw new NumericalError("no candidate had a finite score", {
        where: "plan",
        remedy: "lower model.logProbabilityFloor, where one is set; else check the model's tensors and the observation",
      });
    },
    found: () => kept,
  };
}
