import { DataError, type Dataset, type Random, selectEpisodes, type Transitions } from "@lowerbound/core";

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
  const chosen = new Set(random.permutation(episodes).subarray(0, count));
  return {
    heldOut: selectEpisodes(transitions, (episode) => chosen.has(episode)),
    train: selectEpisodes(transitions, (episode) => !chosen.has(episode)),
  };
}

/** The same dataset with other transitions. */
export const withTransitions = (dataset: Dataset, transitions: Transitions): Dataset => ({
  info: () => dataset.info(),
  episodes: () => dataset.episodes(),
  transitions: async () => transitions,
  close: () => dataset.close(),
});
