import { type Certificate, finiteOrNull, Random, type Transitions } from "@lowerbound/core";
import { estimateOfEach } from "../../off-policy/estimate.js";
import { mean } from "../../statistics/scores.js";
import type { ImaginedSums } from "./imagined.js";
import type { CertifyOptions } from "./options.js";

/** The figures of a bound; those that are not finite are null. */
export interface BoundFigures extends Pick<Certificate, "bound" | "modelReturn" | "tail" | "rewards"> {
  /** lambda eps_u. */
  readonly cost: number | null;
  /** What a step after the horizon is taken to pay at least, 0 where the episode has ended by then. */
  readonly floor: number;
}

export interface BoundJob {
  readonly sums: ImaginedSums;
  /** Reward per unit of u. */
  readonly coefficient: number;
  readonly transitions: Transitions;
  readonly options: Pick<CertifyOptions, "discount" | "repetitions" | "confidence">;
  readonly seed: number;
}

/** Model return - coefficient x discounted u + the least that the steps after the horizon can pay. */
export function boundOf({ sums, coefficient, transitions, options, seed }: BoundJob): BoundFigures {
  const { discount, repetitions, confidence } = options;
  const rewards = rangeOf(transitions.rewards);
  // At most 0: an episode that ends pays no more, and a log without an end is no proof that there is none.
  const floor = Math.min(rewards.minimum, 0);
  const least = floor / (1 - discount);
  const resampling = (name: string) => ({ random: Random.fromSeed(seed).stream(name), repetitions, confidence });
  const costs = sums.penalties.map((u) => (coefficient === 0 ? 0 : coefficient * u));
  const [cost, tail] = [mean(costs), mean(sums.remaining) * least];
  const lower = sums.returns.map((value, row) => value - costs[row]! + sums.remaining[row]! * least);
  const { value, interval } = estimateOfEach(lower, resampling("bound"));
  const bound = { value, low: interval.low, confidence, least, vacuous: interval.low <= least };
  const { value: promised, interval: promisedInterval } = estimateOfEach(sums.returns, resampling("model return"));
  return {
    bound: Number.isFinite(value) && Number.isFinite(interval.low) ? bound : null,
    modelReturn: Number.isFinite(promised) ? { value: promised, interval: promisedInterval } : null,
    cost: finiteOrNull(cost),
    tail,
    rewards,
    floor,
  };
}

function rangeOf(values: Float32Array): { readonly minimum: number; readonly maximum: number } {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const value of values) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return { minimum, maximum };
}
