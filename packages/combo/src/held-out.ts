import { DataError, type Dataset, type Random, type Transitions } from "@lowerbound/core";

/** A dataset's transitions in two parts; no episode is in both. */
export interface HeldOut {
  readonly train: Transitions;
  readonly heldOut: Transitions;
}

/** Hold out a share of the episodes, at least one, drawn by the stream. @throws DataError for a single episode. */
export function splitEpisodes(transitions: Transitions, share: number, random: Random): HeldOut {
  const episodes = transitions.episodeStarts.length - 1;
  if (episodes < 2) {
    throw new DataError(`${episodes} episode cannot be split`, {
      where: "dataset",
      expected: "two episodes or more",
      remedy: "set algorithm.beta to a number",
    });
  }
  const count = Math.min(episodes - 1, Math.max(1, Math.round(share * episodes)));
  const order = [...random.permutation(episodes)];
  const inOrder = (some: number[]): number[] => some.sort((a, b) => a - b);
  return {
    heldOut: episodesOf(transitions, inOrder(order.slice(0, count))),
    train: episodesOf(transitions, inOrder(order.slice(count))),
  };
}

/** The same dataset with other transitions. */
export const withTransitions = (dataset: Dataset, transitions: Transitions): Dataset => ({
  info: () => dataset.info(),
  episodes: () => dataset.episodes(),
  transitions: async () => transitions,
  close: () => dataset.close(),
});

function episodesOf(all: Transitions, chosen: readonly number[]): Transitions {
  const { observation, action, episodeStarts } = all;
  const ranges = chosen.map((episode) => [episodeStarts[episode]!, episodeStarts[episode + 1]!] as const);
  const lengths = ranges.map(([from, to]) => to - from);
  const starts = new Int32Array(chosen.length + 1);
  for (const [index, length] of lengths.entries()) starts[index + 1] = starts[index]! + length;
  const floats = (data: Float32Array, width: number): Float32Array => {
    const out = new Float32Array(starts.at(-1)! * width);
    for (const [index, [from, to]] of ranges.entries())
      out.set(data.subarray(from * width, to * width), starts[index]! * width);
    return out;
  };
  const terminations = new Uint8Array(starts.at(-1)!);
  for (const [index, [from, to]] of ranges.entries())
    terminations.set(all.terminations.subarray(from, to), starts[index]!);
  return {
    observation,
    action,
    count: starts.at(-1)!,
    observations: floats(all.observations, observation),
    actions: floats(all.actions, action),
    rewards: floats(all.rewards, 1),
    nextObservations: floats(all.nextObservations, observation),
    terminations,
    episodeStarts: starts,
  };
}
