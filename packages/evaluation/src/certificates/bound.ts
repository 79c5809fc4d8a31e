import { DataError } from "@lowerbound/core";
import { discountedOccupancy, evaluateTabular, type TabularMdp, type TabularPolicy } from "@lowerbound/environments";

/** Least and largest reward of a step that the task can pay, known beforehand. */
export interface RewardRange {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * The theorem's lambda, discount c with c = (maximum - minimum) / (1 - discount): what a unit of total variation can cost.
 *
 * Where episodes can end, values lie between 0 and the endless sums, so the range is widened to hold 0.
 * Source: MOPO (Yu et al. 2020), section 4, which has the largest reward alone in c; that fails for signed rewards.
 * @throws DataError for a range upside down or a discount outside [0, 1)
 */
export function theoremLambda({ minimum, maximum }: RewardRange, discount: number, episodesEnd: boolean): number {
  if (!(minimum <= maximum && Number.isFinite(maximum - minimum))) {
    throw new DataError(`rewards from ${minimum} to ${maximum}`, { expected: "a finite range, the least first" });
  }
  if (!(discount >= 0 && discount < 1)) {
    throw new DataError(`discount is ${discount}`, { expected: "a number of [0, 1)" });
  }
  const span = episodesEnd ? Math.max(maximum, 0) - Math.min(minimum, 0) : maximum - minimum;
  return (discount * span) / (1 - discount);
}

/** Half the L1 distance between rows of next-state distributions, [rows, states] each -> [rows]. */
export function totalVariation(a: Float64Array, b: Float64Array, states: number): Float64Array {
  if (a.length !== b.length) throw new DataError(`${a.length} probabilities beside ${b.length}`);
  const distance = new Float64Array(a.length / states);
  for (let i = 0; i < a.length; i++) distance[Math.floor(i / states)]! += Math.abs(a[i]! - b[i]!) / 2;
  return distance;
}

/** Bounds of a policy's true return. */
export interface ReturnBounds {
  readonly modelReturn: number;
  /** Expected discounted sum of the penalty in the model, in units of reward: lambda eps_u. */
  readonly penalty: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Both sides of the telescoping lemma: the model's return, less and plus its discounted sum of `error`.
 *
 * `error` [state, action], in units of reward, is to be at least |reward error| + lambda TV(model, truth); the truth lies
 * between `lower` and `upper` whenever it is.
 * Source: MOPO (Yu et al. 2020), lemma 4.1 and equation 2.
 */
export function returnBounds(model: TabularMdp, policy: TabularPolicy, error: Float64Array): ReturnBounds {
  const modelReturn = evaluateTabular(model, policy).expectedReturn;
  const penalty = discountedOccupancy(model, policy).reduce((sum, visits, row) => sum + visits * error[row]!, 0);
  return { modelReturn, penalty, lower: modelReturn - penalty, upper: modelReturn + penalty };
}

/** A model whose rewards are lowered by so many times the error; a negative factor raises them. */
export const penalisedModel = (model: TabularMdp, error: Float64Array, factor = 1): TabularMdp => ({
  ...model,
  rewards: model.rewards.map((reward, row) => reward - factor * error[row]!),
});
