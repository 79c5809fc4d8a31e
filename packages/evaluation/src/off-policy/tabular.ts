import { DataError } from "@lowerbound/core";
import type { TabularPolicy } from "@lowerbound/environments";
import type { RatioEpisode } from "./weighted-episode.js";

/** One logged episode of a tabular process, all [T]. */
export interface TabularEpisode {
  readonly states: ArrayLike<number>;
  readonly actions: ArrayLike<number>;
  readonly rewards: ArrayLike<number>;
}

export interface TabularComparison {
  /** Number of actions. */
  readonly actions: number;
  /** [state, action] */
  readonly target: TabularPolicy;
  readonly behaviour: TabularPolicy;
  /** Estimated action values of the target, [state, action]; without them no doubly robust estimate. */
  readonly actionValues?: Float64Array;
}

/** Ratios and value estimates of a tabular episode. @throws DataError for an action that is none, or never the behaviour's */
export function tabularEpisode(
  { states, actions: taken, rewards }: TabularEpisode,
  { actions, target, behaviour, actionValues }: TabularComparison,
): RatioEpisode {
  checkActions(taken, actions);
  const rows = Array.from(states, (state, t) => state * actions + taken[t]!);
  const never = rows.findIndex((row) => !(behaviour[row]! > 0));
  if (never >= 0) {
    throw new DataError(`the behaviour policy never takes action ${taken[never]} in state ${states[never]}`, {
      where: `step ${never}`,
      expected: "the policy that logged the data",
    });
  }
  return {
    rewards: Float64Array.from(rewards),
    logRatios: Float64Array.from(rows, (row) => Math.log(target[row]!) - Math.log(behaviour[row]!)),
    ...(actionValues === undefined
      ? {}
      : {
          actionValues: Float64Array.from(rows, (row) => actionValues[row]!),
          values: Float64Array.from(states, (state) => expected(target, actionValues, state, actions)),
        }),
  };
}

/** An index too large would read another state's row. */
function checkActions(taken: ArrayLike<number>, actions: number): void {
  const step = Array.from(taken).findIndex((action) => !(Number.isInteger(action) && action >= 0 && action < actions));
  if (step < 0) return;
  throw new DataError(`there is no action ${taken[step]}`, {
    where: `step ${step}`,
    expected: `an integer from 0 to ${actions - 1}`,
    remedy: "number the logged actions as the policies do",
  });
}

function expected(policy: TabularPolicy, q: Float64Array, state: number, actions: number): number {
  let value = 0;
  for (let row = state * actions; row < (state + 1) * actions; row++) value += policy[row]! * q[row]!;
  return value;
}
