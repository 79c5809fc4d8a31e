import type { Dimensions } from "@lowerbound/core";
import { returnsToGo } from "./returns-to-go.js";

/** One episode's steps: observations [length or more, observation], actions [length, action], rewards [length]. */
export interface LoggedSteps extends Dimensions {
  readonly length: number;
  readonly observations: ArrayLike<number>;
  readonly actions: ArrayLike<number>;
  readonly rewards: ArrayLike<number>;
  /** The last step reached a terminal state. */
  readonly terminated: boolean;
}

/** One episode as rows [length, observation + action + 2]: observation, action, reward, return-to-go. */
export interface Path {
  readonly length: number;
  readonly terminated: boolean;
  readonly rows: Float64Array;
}

export interface PathOptions {
  /** Of rewards in the return-to-go. */
  readonly discount: number;
  /** Takes the place of the reward of a step into a terminal state, before returns are summed; left out: it stays. */
  readonly terminationPenalty?: number | undefined;
}

/** Tokens of a step: its observation, its action, reward and return-to-go. */
export const transitionSize = ({ observation, action }: Dimensions): number => observation + action + 2;

/** Rows of an episode. */
export function pathOf(steps: LoggedSteps, { discount, terminationPenalty }: PathOptions): Path {
  const { length, observation, action, terminated } = steps;
  const rewards = Float64Array.from({ length }, (_, step) => steps.rewards[step]!);
  if (terminated && terminationPenalty !== undefined) rewards[length - 1] = terminationPenalty;
  const values = returnsToGo(rewards, discount);
  const width = transitionSize(steps);
  const rows = new Float64Array(length * width);
  for (let step = 0; step < length; step++) {
    const at = step * width;
    for (let i = 0; i < observation; i++) rows[at + i] = steps.observations[step * observation + i]!;
    for (let i = 0; i < action; i++) rows[at + observation + i] = steps.actions[step * action + i]!;
    rows[at + width - 2] = rewards[step]!;
    rows[at + width - 1] = values[step]!;
  }
  return { length, terminated, rows };
}

/** Rows of all paths, one after another [rows, width]. */
export function joinedRows(paths: readonly Path[]): Float64Array {
  const joined = new Float64Array(paths.reduce((sum, { rows }) => sum + rows.length, 0));
  let at = 0;
  for (const { rows } of paths) {
    joined.set(rows, at);
    at += rows.length;
  }
  return joined;
}
