import type { Dataset, Episode } from "@lowerbound/core";
import type { RowPiece, RowSource, Steps } from "./rows.js";

/** A dataset whose file can be opened as rows, in which nothing has been checked. */
export interface RowDataset extends Dataset {
  openRows(): Promise<RowSource>;
}

const hasRows = (dataset: Dataset): dataset is RowDataset => "openRows" in dataset;

/** Rows of any dataset: from its file where it has one, else from its episodes. */
export const rowsOf = (dataset: Dataset): (() => Promise<RowSource>) =>
  hasRows(dataset) ? () => dataset.openRows() : () => rowsFromEpisodes(dataset);

async function rowsFromEpisodes(dataset: Dataset): Promise<RowSource> {
  const info = await dataset.info();
  const { steps, known } = await scan(dataset);
  return {
    path: info.path ?? info.name,
    files: [],
    layout: info.layout,
    name: info.name,
    ...(info.environmentId === undefined ? {} : { environmentId: info.environmentId }),
    rows: steps.rewards.length,
    observation: info.observation,
    action: info.action,
    hasNextObservations: known,
    keys: { observations: "observations", actions: "actions", rewards: "rewards", nextObservations: "observations" },
    actionBounds: [],
    steps: async () => steps,
    pieces: () => pieces(dataset),
    close: async () => undefined,
  };
}

async function scan(dataset: Dataset): Promise<{ steps: Steps; known: boolean }> {
  const rewards: number[] = [];
  const starts: number[] = [];
  const terminals: number[] = [];
  const timeouts: number[] = [];
  let known = true;
  for await (const episode of dataset.episodes()) {
    starts.push(rewards.length);
    for (const reward of episode.rewards) rewards.push(reward);
    if (episode.terminated) terminals.push(rewards.length - 1);
    if (episode.truncated) timeouts.push(rewards.length - 1);
    known &&= episode.finalObservationKnown;
  }
  const flags = (rows: readonly number[]) => {
    const out = new Uint8Array(rewards.length);
    for (const row of rows) out[row] = 1;
    return out;
  };
  const episodeStarts = Int32Array.from([...starts, rewards.length]);
  const steps = {
    rewards: Float64Array.from(rewards),
    terminations: flags(terminals),
    timeouts: flags(timeouts),
    episodeStarts,
  };
  return { steps, known };
}

async function* pieces(dataset: Dataset): AsyncGenerator<RowPiece> {
  let start = 0;
  for await (const episode of dataset.episodes()) {
    yield pieceOf(episode, start);
    start += episode.length;
  }
}

const pieceOf = ({ length, observation, observations, actions, rewards }: Episode, start: number): RowPiece => ({
  start,
  count: length,
  observations: observations.subarray(0, length * observation),
  nextObservations: observations.subarray(observation),
  actions,
  rewards: Float64Array.from(rewards),
});
