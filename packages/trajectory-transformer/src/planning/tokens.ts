import { ConfigError, type History, type PlanningState } from "@lowerbound/core";
import { type Discretiser, encode } from "../discretise/discretiser.js";

export interface TransitionSizes {
  readonly observation: number;
  readonly action: number;
}

/** Tokens of a transition: observation, action, reward and value, one an entry. */
export const tokensOf = ({ observation, action }: TransitionSizes): number => observation + action + 2;

/**
 * A goal as the transition that stands before all others: its observation, and the token of the end in all other places.
 *
 * @throws ConfigError for a goal of another size, DataError for one that is not a number
 */
export function goalTokens(discretiser: Discretiser, sizes: TransitionSizes, goal: Float32Array): Int32Array {
  if (goal.length !== sizes.observation) {
    throw new ConfigError(`the goal has ${goal.length} entries`, {
      where: "goal",
      expected: `${sizes.observation}, an observation`,
    });
  }
  const tokens = new Int32Array(tokensOf(sizes)).fill(discretiser.bins);
  tokens.set(encode(discretiser, goal, { from: 0, count: sizes.observation }));
  return tokens;
}

/**
 * The context that goes on from tokens that begin with a goal of so many: whole where it is short enough, else without its
 * oldest transitions, so that there is room for one more.
 */
export function cutContext(
  tokens: Int32Array,
  { goal, width, transitions }: { readonly goal: number; readonly width: number; readonly transitions: number },
): Int32Array {
  if (tokens.length < goal + transitions * width) return tokens;
  const kept = tokens.subarray(tokens.length - (transitions - 1) * width);
  return Int32Array.of(...tokens.subarray(0, goal), ...kept);
}

/**
 * Tokens that a plan starts from: those of the goal, if there is one, the last `transitions` of the history, and the
 * observation.
 *
 * The history's values are not known: their place is taken by the last bin, which no query sees.
 * Source: Trajectory Transformer's `make_prefix`.
 * @throws ConfigError for an observation or actions of other sizes, DataError for a value that is not a number
 */
export function prefixTokens(
  discretiser: Discretiser,
  sizes: TransitionSizes,
  { observation, history }: PlanningState,
  transitions: number,
  goal: Int32Array = new Int32Array(0),
): Int32Array {
  if (observation.length !== sizes.observation) {
    throw new ConfigError(`the observation has ${observation.length} entries`, {
      where: "plan.state.observation",
      expected: `${sizes.observation}, as the model was fitted to`,
    });
  }
  const rows = history === undefined ? [] : historyRows(history, sizes, transitions);
  const place = { from: 0, count: sizes.observation };
  return Int32Array.of(
    ...goal,
    ...rows.flatMap((row) => [...encode(discretiser, row, { from: 0, count: row.length }), discretiser.bins - 1]),
    ...encode(discretiser, observation, place),
  );
}

/** Observation, action and reward of the last steps. */
function historyRows({ observations, actions, rewards }: History, sizes: TransitionSizes, transitions: number) {
  const fits =
    observations.columns === sizes.observation &&
    actions.columns === sizes.action &&
    observations.rows === rewards.length &&
    actions.rows === rewards.length;
  if (!fits) {
    throw new ConfigError(
      `the history has ${observations.rows} observations of ${observations.columns}, ${actions.rows} actions of ` +
        `${actions.columns} and ${rewards.length} rewards`,
      { where: "plan.state.history", expected: `as many of each, of ${sizes.observation} and ${sizes.action} entries` },
    );
  }
  const first = Math.max(rewards.length - transitions, 0);
  return Array.from({ length: rewards.length - first }, (_, i) => {
    const row = first + i;
    return [
      ...observations.data.subarray(row * sizes.observation, (row + 1) * sizes.observation),
      ...actions.data.subarray(row * sizes.action, (row + 1) * sizes.action),
      rewards[row]!,
    ];
  });
}
