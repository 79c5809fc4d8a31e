import type { Dimensions, Transitions } from "@lowerbound/core";

/** Transitions, row by row in flat arrays: [count, dim] each, rewards and terminations [count]. */
export interface ReplayRows extends Dimensions {
  readonly count: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly nextObservations: Float32Array;
  /** 1 at terminal states. */
  readonly terminations: Float32Array | Uint8Array;
}

/** A dataset's transitions as they are; nothing is copied. */
export const datasetRows = (transitions: Transitions): ReplayRows => transitions;

/** Room for `count` rows. */
export function emptyRows({ observation, action }: Dimensions, count: number): ReplayRows {
  return {
    observation,
    action,
    count,
    observations: new Float32Array(count * observation),
    actions: new Float32Array(count * action),
    rewards: new Float32Array(count),
    nextObservations: new Float32Array(count * observation),
    terminations: new Float32Array(count),
  };
}

/** Copy `count` rows, from row `from` of one to row `to` of the other. */
export function copyRows(
  source: ReplayRows,
  target: ReplayRows,
  { from, to, count }: { readonly from: number; readonly to: number; readonly count: number },
): void {
  const { observation, action } = source;
  const copy = (into: Float32Array | Uint8Array, data: Float32Array | Uint8Array, width: number): void =>
    into.set(data.subarray(from * width, (from + count) * width), to * width);
  copy(target.observations, source.observations, observation);
  copy(target.actions, source.actions, action);
  copy(target.rewards, source.rewards, 1);
  copy(target.nextObservations, source.nextObservations, observation);
  copy(target.terminations, source.terminations, 1);
}
