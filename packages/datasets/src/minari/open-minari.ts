import { DataError } from "@lowerbound/core";
import { floats, narrowed, readFlags } from "../hdf5/read-columns.js";
import { type Hdf5Array, type Hdf5File, openHdf5 } from "../hdf5/read-file.js";
import type { Bounds, RowPiece, RowSource, Steps } from "../rows.js";
import { type MinariFolder, readMinariFolder } from "./metadata.js";

interface EpisodeArrays {
  readonly key: string;
  readonly start: number;
  readonly length: number;
  readonly observations: Hdf5Array;
  readonly actions: Hdf5Array;
  readonly rewards: Hdf5Array;
  readonly terminations: Hdf5Array;
  readonly truncations: Hdf5Array;
}

/**
 * Open a folder in Minari's layout: one group an episode, T + 1 observations for T steps.
 *
 * Source: the minari package, 0.5 (its HDF5 storage). @throws FileError, DataError
 */
export async function openMinari(path: string, bounds: Bounds | undefined): Promise<RowSource> {
  const folder = await readMinariFolder(path);
  const file = await openHdf5(folder.dataPath);
  try {
    return sourceOf(folder, file, findEpisodes(folder, file), bounds);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function sourceOf(
  folder: MinariFolder,
  file: Hdf5File,
  episodes: readonly EpisodeArrays[],
  bounds: Bounds | undefined,
): RowSource {
  const { observations, actions } = episodes[0]!;
  const last = episodes.at(-1)!;
  return {
    path: folder.dataPath,
    files: [folder.dataPath, folder.metadataPath],
    layout: "minari",
    name: folder.name,
    ...(folder.environmentId === undefined ? {} : { environmentId: folder.environmentId }),
    rows: last.start + last.length,
    observation: observations.width,
    action: actions.width,
    hasNextObservations: true,
    keys: {
      observations: "observations",
      actions: "actions",
      rewards: "rewards",
      nextObservations: "observations (shifted by one)",
    },
    actionBounds:
      bounds === undefined ? (folder.actionBounds ?? []) : Array.from({ length: actions.width }, () => bounds),
    steps: async () => readSteps(file, episodes),
    pieces: () => readPieces(episodes),
    close: () => file.close(),
  };
}

function findEpisodes(folder: MinariFolder, file: Hdf5File): EpisodeArrays[] {
  const names = new Set(file.names("/"));
  const episodes: EpisodeArrays[] = [];
  let start = 0;
  for (let index = 0; index < folder.episodes; index++) {
    const key = `episode_${index}`;
    if (!names.has(key)) throw missing(folder, key, `${folder.episodes} episodes, as metadata.json says`);
    const episode = openEpisode(folder, file, key, start);
    checkShapes(folder, episode, episodes[0] ?? episode);
    episodes.push(episode);
    start += episode.length;
  }
  if (episodes.length === 0) throw missing(folder, "episode_0", "at least one episode");
  if (start !== folder.steps) {
    throw new DataError(`the episodes have ${start} steps together`, {
      where: folder.dataPath,
      expected: `${folder.steps}, as metadata.json says`,
      remedy: "copy or download the dataset again",
    });
  }
  return episodes;
}

const missing = (folder: MinariFolder, key: string, expected: string) =>
  new DataError("the key is missing", {
    where: `${folder.dataPath} ${key}`,
    expected,
    remedy: 'copy or download the dataset again; a file in D4RL\'s layout is read by the dataset type "d4rl-hdf5"',
  });

function openEpisode(folder: MinariFolder, file: Hdf5File, key: string, start: number): EpisodeArrays {
  const required = (name: string) => {
    const found = file.array(`${key}/${name}`);
    if (found === undefined)
      throw missing(folder, `${key}/${name}`, "observations, actions, rewards, terminations, truncations");
    return found;
  };
  const rewards = required("rewards");
  return {
    key,
    start,
    length: rewards.rows,
    rewards,
    observations: required("observations"),
    actions: required("actions"),
    terminations: required("terminations"),
    truncations: required("truncations"),
  };
}

function checkShapes(folder: MinariFolder, episode: EpisodeArrays, first: EpisodeArrays): void {
  const { length, observations, actions, rewards, terminations, truncations } = episode;
  const expected: [Hdf5Array, number[]][] = [
    [rewards, [Math.max(1, length)]],
    [observations, [length + 1, first.observations.shape[1] ?? 1]],
    [actions, [length, first.actions.shape[1] ?? 1]],
    [terminations, [length]],
    [truncations, [length]],
  ];
  for (const [{ key, shape }, want] of expected) {
    if (shape.length === want.length && shape.every((size, i) => size === want[i])) continue;
    throw new DataError(`the shape is [${shape.join(", ")}]`, {
      where: `${folder.dataPath} ${key}`,
      expected: `[${want.join(", ")}]: one row a step, one more of observations, the same widths in every episode`,
      remedy: "drop this episode, or write the dataset again",
    });
  }
}

function readSteps(file: Hdf5File, episodes: readonly EpisodeArrays[]): Steps {
  const last = episodes.at(-1)!;
  const rows = last.start + last.length;
  const rewards = new Float64Array(rows);
  const terminations = new Uint8Array(rows);
  const timeouts = new Uint8Array(rows);
  for (const episode of episodes) {
    rewards.set(episode.rewards.read(0, episode.length), episode.start);
    terminations.set(inside(file, episode, episode.terminations), episode.start);
    timeouts.set(inside(file, episode, episode.truncations), episode.start);
  }
  return {
    rewards,
    terminations,
    timeouts,
    episodeStarts: Int32Array.from([...episodes.map(({ start }) => start), rows]),
  };
}

function inside(file: Hdf5File, { length }: EpisodeArrays, column: Hdf5Array): Uint8Array {
  const flags = readFlags(file, column);
  const early = flags.indexOf(1);
  if (early < 0 || early === length - 1) return flags;
  throw new DataError("a step before the last one ends the episode", {
    where: `${file.path} ${column.key} row ${early}`,
    expected: "flags that are set at the last step only",
    remedy: "split the episode there, and write the dataset again",
  });
}

async function* readPieces(episodes: readonly EpisodeArrays[]): AsyncGenerator<RowPiece> {
  for (const { start, length, observations, actions, rewards } of episodes) {
    const { observations: all, exact } = narrowed(observations.read(0, length + 1));
    yield {
      start,
      count: length,
      observations: all.subarray(0, length * observations.width),
      nextObservations: all.subarray(observations.width),
      ...(exact === undefined ? {} : { exact: exact.subarray(0, length * observations.width) }),
      actions: floats(actions.read(0, length)),
      rewards: Float64Array.from(rewards.read(0, length)),
    };
  }
}
