import type { Matrix, Transitions } from "@lowerbound/core";
import { matrixOf, pickRows } from "./act-all.js";
import { type WeightedEpisode, weighEpisode } from "./weighted-episode.js";

/** First row of each logged episode that has any steps. */
export function firstRows({ episodeStarts }: Transitions): Int32Array {
  return episodeStarts.filter(
    (row, episode) => episode + 1 < episodeStarts.length && row < episodeStarts[episode + 1]!,
  );
}

/** Last row of each of the same episodes. */
export function lastRows(transitions: Transitions): Int32Array {
  const firsts = firstRows(transitions);
  return firsts.map((_, episode) => (firsts[episode + 1] ?? transitions.count) - 1);
}

/** First observations of at most `most` episodes, evenly spread, [episodes, observation]. */
export function startsOf(transitions: Transitions, most = Infinity): Matrix {
  const rows = firstRows(transitions);
  const taken = Math.min(most, rows.length);
  const picks = Int32Array.from({ length: taken }, (_, k) => rows[Math.floor((k * rows.length) / taken)]!);
  return pickRows(matrixOf(transitions.observations, transitions.observation), picks);
}

/** What importance sampling needs of every logged step, [count] each, and doubly robust estimates of every end. */
export interface LoggedWeights {
  readonly target: ArrayLike<number>;
  readonly behaviour: ArrayLike<number>;
  readonly actionValues?: Float64Array;
  readonly values?: Float64Array;
  /** [episodes] */
  readonly finalValues?: Float64Array;
}

/** Logged episodes with the log-ratios of target over behaviour. @throws DataError for a density that is no number */
export function weightedEpisodes(transitions: Transitions, weights: LoggedWeights): readonly WeightedEpisode[] {
  const { rewards } = transitions;
  const { target, behaviour, actionValues, values, finalValues } = weights;
  const lasts = lastRows(transitions);
  return Array.from(firstRows(transitions), (from, episode) => {
    const to = lasts[episode]! + 1;
    return weighEpisode({
      rewards: Float64Array.from(rewards.subarray(from, to)),
      logRatios: Float64Array.from({ length: to - from }, (_, t) => target[from + t]! - behaviour[from + t]!),
      ...(actionValues === undefined || values === undefined
        ? {}
        : { actionValues: actionValues.subarray(from, to), values: values.subarray(from, to) }),
      ...(finalValues === undefined ? {} : { finalValue: finalValues[episode]! }),
    });
  });
}
