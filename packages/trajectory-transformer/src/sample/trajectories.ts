import type { PlanningState } from "@lowerbound/core";
import { decode } from "../discretise/discretiser.js";
import { type TransitionSizes, tokensOf } from "../planning/tokens.js";
import type { TokenModel } from "../planning/transitions.js";

/** Rolled-out sequences, row-major; after its end a row's observation stays as it was, and all else is 0. */
export interface Trajectories {
  readonly rows: number;
  readonly steps: number;
  /** [rows, steps + 1, observation]; the first is the start's. */
  readonly observations: Float32Array;
  /** [rows, steps, action] */
  readonly actions: Float32Array;
  /** [rows, steps] */
  readonly rewards: Float32Array;
  /** Returns-to-go of what follows a step [rows, steps]. */
  readonly values: Float32Array;
  /** [rows, steps]: 1 where the episode ended with the step. */
  readonly terminations: Uint8Array;
  /** log P_beta(action | what came before) [rows, steps], in nats. */
  readonly actionLogProbabilities: Float64Array;
  /** log P(reward, value, next observation | what came before, action) [rows, steps], in nats. */
  readonly outcomeLogProbabilities: Float64Array;
}

export function newTrajectories(rows: number, steps: number, { observation, action }: TransitionSizes): Trajectories {
  return {
    rows,
    steps,
    observations: new Float32Array(rows * (steps + 1) * observation),
    actions: new Float32Array(rows * steps * action),
    rewards: new Float32Array(rows * steps),
    values: new Float32Array(rows * steps),
    terminations: new Uint8Array(rows * steps),
    actionLogProbabilities: new Float64Array(rows * steps),
    outcomeLogProbabilities: new Float64Array(rows * steps),
  };
}

/** Rows go from their starts, each start's samples one after another. */
export function writeStarts(
  into: Trajectories,
  starts: readonly PlanningState[],
  samples: number,
  { observation }: TransitionSizes,
): void {
  for (let row = 0; row < into.rows; row++) {
    into.observations.set(starts[Math.floor(row / samples)]!.observation, row * (into.steps + 1) * observation);
  }
}

/** A step's tokens of all rows: action, reward, value and next observation [rows, transition], and their logarithms. */
export interface StepTokens {
  readonly tokens: Int32Array;
  readonly actionLogs: Float64Array;
  readonly outcomeLogs: Float64Array;
  /** 1 for rows that had ended before the step. */
  readonly over: Uint8Array;
  /** 1 for rows that ended with the step, or before it. */
  readonly ended: Uint8Array;
}

/** Write a step of the rows that were not over; actions are the given ones [rows, action] where there are any. */
export function writeStep(
  into: Trajectories,
  step: number,
  { tokens, actionLogs, outcomeLogs, over, ended }: StepTokens,
  { discretiser, sizes }: Pick<TokenModel, "discretiser" | "sizes">,
  given: ((row: number) => Float32Array) | undefined,
): void {
  const { observation, action } = sizes;
  const width = tokensOf(sizes);
  const followed = { from: observation, count: action + 2 };
  for (let row = 0; row < into.rows; row++) {
    const at = row * into.steps + step;
    const before = (row * (into.steps + 1) + step) * observation;
    const still = into.observations.slice(before, before + observation);
    into.observations.set(still, before + observation);
    if (over[row] === 1) continue;
    const own = tokens.subarray(row * width, (row + 1) * width);
    const decoded = decode(discretiser, own.subarray(0, action + 2), followed);
    // An end in the place of a value is not the last bin, as which it is read.
    const values = decoded.map((value, place) => (own[place] === discretiser.bins ? 0 : value));
    into.actions.set(given?.(row) ?? values.subarray(0, action), at * action);
    into.rewards[at] = values[action]!;
    into.values[at] = values[action + 1]!;
    into.actionLogProbabilities[at] = actionLogs[row]!;
    into.outcomeLogProbabilities[at] = outcomeLogs[row]!;
    into.terminations[at] = ended[row]!;
    if (ended[row] === 1) continue;
    const next = decode(discretiser, own.subarray(action + 2), { from: 0, count: observation });
    into.observations.set(next, before + observation);
  }
}
