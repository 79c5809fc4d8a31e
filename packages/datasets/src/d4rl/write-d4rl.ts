import { DataError, type Episode } from "@lowerbound/core";
import type { Child } from "../hdf5/write/messages.js";
import { type Hdf5Writer, writeHdf5 } from "../hdf5/write/write-file.js";

export interface D4rlMetadata {
  readonly environmentId?: string;
  readonly algorithm?: string;
}

/**
 * Write episodes in D4RL's HDF5 layout, so that it is read back as the same transitions.
 *
 * Next observations are included, so that nothing is lost at time-outs, unless the final ones are unknown. Equal
 * episodes give equal bytes; the file appears complete or not at all.
 * @throws DataError for no episodes, sizes that differ between them, or final observations of which some are known;
 * FileError
 */
export async function writeD4rl(
  path: string,
  episodes: Iterable<Episode> | AsyncIterable<Episode>,
  metadata: D4rlMetadata = {},
): Promise<void> {
  // The file is begun first, so that a path that cannot be written is known before anything is collected.
  await writeHdf5(path, async (file) => writeKeys(file, await collect(path, episodes), metadata));
}

async function writeKeys(file: Hdf5Writer, all: readonly Episode[], metadata: D4rlMetadata): Promise<readonly Child[]> {
  const { observation, action } = all[0]!;
  const rows = all.reduce((sum, { length }) => sum + length, 0);
  const nextObservations = () =>
    file.array("next_observations", "float32", [rows, observation], stack(all, rows * observation, next));
  return [
    await file.array(
      "actions",
      "float32",
      [rows, action],
      stack(all, rows * action, (each) => each.actions),
    ),
    await file.group("metadata", await texts(file, metadata)),
    ...(all[0]!.finalObservationKnown ? [await nextObservations()] : []),
    await file.array("observations", "float32", [rows, observation], stack(all, rows * observation, current)),
    await file.array(
      "rewards",
      "float32",
      [rows],
      stack(all, rows, (each) => each.rewards),
    ),
    await file.array(
      "terminals",
      "boolean",
      [rows],
      lastSteps(all, rows, (each) => each.terminated),
    ),
    await file.array(
      "timeouts",
      "boolean",
      [rows],
      lastSteps(all, rows, (each) => each.truncated),
    ),
  ];
}

async function texts(file: Hdf5Writer, { environmentId, algorithm }: D4rlMetadata) {
  const children = [];
  for (const [name, text] of [
    ["algorithm", algorithm],
    ["environment", environmentId],
  ] as const) {
    if (text === undefined || text === "") continue;
    const bytes = new TextEncoder().encode(text);
    children.push(await file.array(name, { text: bytes.length }, [], bytes));
  }
  return children;
}

async function collect(path: string, episodes: Iterable<Episode> | AsyncIterable<Episode>): Promise<Episode[]> {
  const all: Episode[] = [];
  for await (const episode of episodes) {
    const first = all[0] ?? episode;
    if (episode.observation !== first.observation || episode.action !== first.action || episode.length === 0) {
      throw new DataError(
        `the episode's sizes are ${episode.observation}, ${episode.action}, length ${episode.length}`,
        {
          where: `${path} episode ${all.length}`,
          expected: `observation ${first.observation}, action ${first.action}, and at least one step`,
          remedy: "leave this episode out, or write it to another file",
        },
      );
    }
    if (episode.finalObservationKnown !== first.finalObservationKnown) {
      throw new DataError("the observation after the last step is known of some episodes and unknown of others", {
        where: `${path} episode ${all.length}`,
        expected: "episodes that all have it, or none: the layout stores next observations of every row or of none",
        remedy: "write the two kinds to files of their own",
      });
    }
    all.push(episode);
  }
  if (all.length > 0) return all;
  throw new DataError("there are no episodes to write", {
    where: path,
    expected: "at least one",
    remedy: "collect some",
  });
}

const current = ({ observations, length, observation }: Episode) => observations.subarray(0, length * observation);
const next = ({ observations, observation }: Episode) => observations.subarray(observation);

function stack(episodes: readonly Episode[], size: number, part: (episode: Episode) => Float32Array): Float32Array {
  const out = new Float32Array(size);
  let at = 0;
  for (const episode of episodes) {
    const values = part(episode);
    out.set(values, at);
    at += values.length;
  }
  return out;
}

function lastSteps(episodes: readonly Episode[], rows: number, flag: (episode: Episode) => boolean): Uint8Array {
  const out = new Uint8Array(rows);
  let end = 0;
  for (const episode of episodes) {
    end += episode.length;
    if (flag(episode)) out[end - 1] = 1;
  }
  return out;
}
