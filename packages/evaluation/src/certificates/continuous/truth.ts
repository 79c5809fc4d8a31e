import { type EnvironmentFactory, type Policy, Random } from "@lowerbound/core";
import { type MeasuredRows, measuredRows, playedTransitions, someRows } from "../../calibration/rows.js";
import { type Estimate, estimateOfEach } from "../../off-policy/estimate.js";
import { discountedReturn } from "../../off-policy/weighted-episode.js";

/** What a simulator showed of a policy: asked for by the user, and never part of the bound. */
export interface PlayedTruth {
  readonly environmentId: string;
  readonly episodes: number;
  readonly discountedReturn: Estimate;
  /** Mean over episodes of discount^steps / (1 - discount) where the time limit cut one. */
  readonly remaining: number;
  readonly visits: MeasuredRows;
}

export interface TruthJob {
  readonly policy: Policy;
  readonly factory: EnvironmentFactory;
  readonly episodes: number;
  /** Rows to measure the penalty on, at most. */
  readonly rows: number;
  readonly discount: number;
  readonly repetitions: number;
  readonly confidence: number;
  readonly seed: number;
}

/** Play whole episodes of a policy's mode. */
export async function playTruth(job: TruthJob): Promise<PlayedTruth> {
  const { policy, factory, episodes, rows, discount, seed, ...options } = job;
  const played = await playedTransitions(policy, factory, { episodes, seed });
  const starts = played.episodeStarts;
  const spans = Array.from({ length: starts.length - 1 }, (_, k) => [starts[k]!, starts[k + 1]!] as const);
  const returns = spans.map(([from, to]) => discountedReturn(played.rewards.subarray(from, to), discount));
  const cut = spans.map(([from, to]) => (played.terminations[to - 1] === 1 ? 0 : discount ** (to - from)));
  return {
    environmentId: factory.id,
    episodes: returns.length,
    discountedReturn: estimateOfEach(returns, { ...options, random: Random.fromSeed(seed).stream("truth") }),
    remaining: cut.reduce((sum, each) => sum + each, 0) / cut.length / (1 - discount),
    visits: measuredRows(played, someRows(played.count, rows, seed)),
  };
}
