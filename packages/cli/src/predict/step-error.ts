import { finiteOrNull } from "@lowerbound/core";
import { quantileSorted } from "@lowerbound/evaluation";
import type { PredictedModel } from "./prediction-file.js";

/** What came: observations after each step [episodes][steps, observation], as many steps as an episode has. */
export interface Truth {
  readonly observation: number;
  readonly observations: readonly Float32Array[];
}

export const lengthOf = ({ observation, observations }: Truth, episode: number): number =>
  observations[episode]!.length / observation;

/** Episodes that still go on at each step, from step 1 to the last that any has. */
export function goingOn(truth: Truth): readonly number[] {
  const lengths = truth.observations.map((_, episode) => lengthOf(truth, episode));
  return Array.from({ length: Math.max(0, ...lengths) }, (_, t) => lengths.filter((length) => length > t).length);
}

/**
 * Quartiles over episodes of the error at each step: the root of the mean over dimensions of the squared error, each
 * dimension over its deviation in the data.
 *
 * `predicted` [episodes, steps, observation]; an episode counts as long as its truth goes on. A prediction that is not
 * finite is worse than any other, and a quartile among such ones is null.
 */
export function errorsByStep(
  predicted: Float32Array,
  steps: number,
  truth: Truth,
  deviations: readonly number[],
): PredictedModel["errors"] {
  return goingOn(truth).map((_, t) => {
    const errors = truth.observations.flatMap((came, episode) => {
      if (t >= lengthOf(truth, episode)) return [];
      const at = (episode * steps + t) * truth.observation;
      return errorOf(predicted.subarray(at), came.subarray(t * truth.observation), deviations);
    });
    return quartiles(errors);
  });
}

function errorOf(predicted: Float32Array, came: Float32Array, deviations: readonly number[]): number {
  const squares = deviations.reduce((sum, deviation, d) => sum + ((predicted[d]! - came[d]!) / deviation) ** 2, 0);
  const error = Math.sqrt(squares / deviations.length);
  return Number.isFinite(error) ? error : Infinity;
}

function quartiles(errors: readonly number[]): PredictedModel["errors"][number] {
  const sorted = Float64Array.from(errors).sort();
  const at = (level: number): number | null => finiteOrNull(quantileSorted(sorted, level));
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
