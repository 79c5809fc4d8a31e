import { type EnvironmentFactory, type Policy, Random, type Transitions } from "@lowerbound/core";
import { recordEpisodes } from "@lowerbound/environments";

/** Transitions to measure on, and the episode that each comes from. */
export interface MeasuredRows {
  readonly observation: number;
  readonly action: number;
  readonly count: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly nextObservations: Float32Array;
  readonly rewards: Float32Array;
  /** 1 where the transition ended in a terminal state. */
  readonly terminations: Uint8Array;
  readonly episode: Int32Array;
  /** Steps since the episode began, or since a rollout in the model left the data. */
  readonly step: Int32Array;
}

/** The transitions that `picks` name. */
export function measuredRows(transitions: Transitions, picks: Int32Array): MeasuredRows {
  const { observation, action, episodeStarts } = transitions;
  const cut = (source: Float32Array, width: number): Float32Array => {
    const out = new Float32Array(picks.length * width);
    for (let k = 0; k < picks.length; k++) {
      out.set(source.subarray(picks[k]! * width, (picks[k]! + 1) * width), k * width);
    }
    return out;
  };
  const episode = picks.map((row) => episodeOf(transitions, row));
  return {
    observation,
    action,
    count: picks.length,
    observations: cut(transitions.observations, observation),
    actions: cut(transitions.actions, action),
    nextObservations: cut(transitions.nextObservations, observation),
    rewards: cut(transitions.rewards, 1),
    terminations: Uint8Array.from(picks, (row) => transitions.terminations[row]!),
    episode,
    step: picks.map((row, k) => row - episodeStarts[episode[k]!]!),
  };
}

/** Rows one after the other; at least one part, all of one size of observation and action. */
export function joinRows(parts: readonly MeasuredRows[]): MeasuredRows {
  const numbers = (of: (part: MeasuredRows) => ArrayLike<number>) => parts.flatMap((part) => Array.from(of(part)));
  const { observation, action } = parts[0]!;
  return {
    observation,
    action,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    observations: Float32Array.from(numbers((part) => part.observations)),
    actions: Float32Array.from(numbers((part) => part.actions)),
    nextObservations: Float32Array.from(numbers((part) => part.nextObservations)),
    rewards: Float32Array.from(numbers((part) => part.rewards)),
    terminations: Uint8Array.from(numbers((part) => part.terminations)),
    episode: Int32Array.from(numbers((part) => part.episode)),
    step: Int32Array.from(numbers((part) => part.step)),
  };
}

/** Number of the episode that a row belongs to. */
export function episodeOf({ episodeStarts }: Transitions, row: number): number {
  let [low, high] = [0, episodeStarts.length - 1];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (episodeStarts[middle]! <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** At most `most` of the rows 0 to rows - 1, drawn without replacement, ascending. */
export const someRows = (rows: number, most: number, seed: number): Int32Array =>
  Random.fromSeed(seed).stream("rows").permutation(rows).slice(0, most).sort();

/** Rows of whole episodes, drawn without replacement until the next has more rows than are left of `most`; one at least. */
export function wholeEpisodes({ episodeStarts }: Transitions, most: number, seed: number): Int32Array {
  const order = Random.fromSeed(seed)
    .stream("episodes")
    .permutation(episodeStarts.length - 1);
  const chosen: number[] = [];
  let count = 0;
  for (const episode of order) {
    const length = episodeStarts[episode + 1]! - episodeStarts[episode]!;
    if (chosen.length > 0 && count + length > most) break;
    chosen.push(episode);
    count += length;
  }
  const rows = chosen.sort((a, b) => a - b).map((episode) => rangeOf(episodeStarts, episode));
  return Int32Array.from(rows.flat());
}

const rangeOf = (starts: Int32Array, episode: number): readonly number[] =>
  Array.from({ length: starts[episode + 1]! - starts[episode]! }, (_, step) => starts[episode]! + step);

/** Transitions that a policy meets in its environment: whole episodes, at most `most` steps of all. */
export async function visitedRows(
  policy: Policy,
  factory: EnvironmentFactory,
  options: { readonly episodes: number; readonly most: number; readonly seed: number },
): Promise<MeasuredRows> {
  const transitions = await playedTransitions(policy, factory, options);
  return measuredRows(transitions, someRows(transitions.count, options.most, options.seed));
}

/** Whole episodes of a policy's mode in its environment, as transitions. */
export async function playedTransitions(
  policy: Policy,
  factory: EnvironmentFactory,
  { episodes, seed }: { readonly episodes: number; readonly seed: number },
): Promise<Transitions> {
  const parts: { observations: number[]; actions: number[]; rewards: number[]; next: number[]; starts: number[] } = {
    observations: [],
    actions: [],
    rewards: [],
    next: [],
    starts: [0],
  };
  let dimensions = { observation: 0, action: 0 };
  const terminations: number[] = [];
  for await (const played of recordEpisodes(policy, factory, { episodes, seed, deterministic: true })) {
    const { steps, observations, actions, rewards, terminated } = played;
    dimensions = { observation: observations.length / (steps + 1), action: actions.length / steps };
    for (const value of observations.subarray(0, steps * dimensions.observation)) parts.observations.push(value);
    for (const value of observations.subarray(dimensions.observation)) parts.next.push(value);
    for (const value of actions) parts.actions.push(value);
    for (const value of rewards) parts.rewards.push(value);
    for (let t = 0; t < steps; t++) terminations.push(terminated && t === steps - 1 ? 1 : 0);
    parts.starts.push(parts.rewards.length);
  }
  return {
    ...dimensions,
    count: parts.rewards.length,
    observations: Float32Array.from(parts.observations),
    actions: Float32Array.from(parts.actions),
    rewards: Float32Array.from(parts.rewards),
    nextObservations: Float32Array.from(parts.next),
    terminations: Uint8Array.from(terminations),
    episodeStarts: Int32Array.from(parts.starts),
  };
}
