import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError, type Episode } from "@lowerbound/core";
import { fileError, refuseExisting, writeTextAtomically } from "../files.js";
import { type Hdf5Writer, writeHdf5 } from "../hdf5/write/write-file.js";

export interface MinariMetadata {
  /** Such as `mujoco/hopper/medium-v0`. */
  readonly datasetId: string;
  /** As Gymnasium registers it. */
  readonly environment?: { readonly id: string; readonly entryPoint?: string; readonly timeLimit?: number };
  readonly algorithm?: string;
  readonly description?: string;
  readonly actionLow?: number;
  readonly actionHigh?: number;
}

interface Counts {
  episodes: number;
  steps: number;
  observation: number;
  action: number;
}

/**
 * Write episodes as a folder that the minari package (0.5) reads; they are written one after the other, not collected.
 *
 * Equal episodes give equal bytes; the folder appears complete or not at all.
 * @throws FileError if something of that name is there already; DataError for no episodes, sizes that differ between
 * them, or an unknown final observation
 */
export async function writeMinari(
  path: string,
  episodes: Iterable<Episode> | AsyncIterable<Episode>,
  metadata: MinariMetadata,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw fileError(error, path, "write it");
  });
  await refuseExisting(path);
  const temporary = `${path}.${process.pid}.partial`;
  try {
    await mkdir(join(temporary, "data"), { recursive: true });
    const file = join(temporary, "data", "main_data.hdf5");
    const counts: Counts = { episodes: 0, steps: 0, observation: 0, action: 0 };
    await writeHdf5(file, (writer) => writeEpisodes(writer, path, episodes, counts));
    const { size } = await stat(file);
    const text = JSON.stringify(describe(metadata, counts, size), null, 1);
    await writeTextAtomically(join(temporary, "data", "metadata.json"), text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof Error && "code" in error) throw fileError(error, path, "write it");
    throw error;
  }
}

async function writeEpisodes(
  writer: Hdf5Writer,
  path: string,
  episodes: Iterable<Episode> | AsyncIterable<Episode>,
  counts: Counts,
) {
  const groups = [];
  for await (const episode of episodes) {
    checkEpisode(path, episode, counts);
    groups.push(await writeEpisode(writer, episode, counts.episodes));
    counts.episodes += 1;
    counts.steps += episode.length;
  }
  if (groups.length > 0) return groups;
  throw new DataError("there are no episodes to write", {
    where: path,
    expected: "at least one",
    remedy: "collect some",
  });
}

async function writeEpisode(writer: Hdf5Writer, episode: Episode, index: number) {
  const { observation, action, length, observations, actions, rewards, terminated, truncated } = episode;
  const last = (flag: boolean) => Uint8Array.from({ length }, (_, step) => (flag && step === length - 1 ? 1 : 0));
  const children = [
    await writer.array("actions", "float32", [length, action], actions),
    await writer.group("infos", []),
    await writer.array("observations", "float32", [length + 1, observation], observations),
    await writer.array("rewards", "float64", [length], Float64Array.from(rewards)),
    await writer.array("terminations", "boolean", [length], last(terminated)),
    await writer.array("truncations", "boolean", [length], last(truncated)),
  ];
  return writer.group(`episode_${index}`, children, [
    { name: "id", value: index },
    { name: "total_steps", value: length },
  ]);
}

function checkEpisode(path: string, episode: Episode, counts: Counts): void {
  if (counts.episodes === 0) Object.assign(counts, { observation: episode.observation, action: episode.action });
  const same = episode.observation === counts.observation && episode.action === counts.action;
  if (same && episode.length > 0 && episode.finalObservationKnown) return;
  throw new DataError(
    same && episode.length > 0
      ? "the observation after the episode's last step is unknown"
      : `the episode's sizes are ${episode.observation}, ${episode.action}, length ${episode.length}`,
    {
      where: `${path} episode ${counts.episodes}`,
      expected: `observation ${counts.observation}, action ${counts.action}, T + 1 observations for T > 0 steps`,
      remedy: "leave this episode out, or write D4RL's layout",
    },
  );
}

function describe(metadata: MinariMetadata, { episodes, steps, observation, action }: Counts, bytes: number) {
  const { datasetId, environment, algorithm, description, actionLow = -1, actionHigh = 1 } = metadata;
  const unbounded = Array.from({ length: observation }, () => "Infinity").join(", ");
  const minus = unbounded.replaceAll("Infinity", "-Infinity");
  const bound = (value: number) => Array.from({ length: action }, () => value);
  return {
    total_episodes: episodes,
    total_steps: steps,
    data_format: "hdf5",
    jpeg_encoding: true,
    observation_space: `{"type": "Box", "dtype": "float32", "shape": [${observation}], "low": [${minus}], "high": [${unbounded}]}`,
    action_space: JSON.stringify({
      type: "Box",
      dtype: "float32",
      shape: [action],
      low: bound(actionLow),
      high: bound(actionHigh),
    }),
    ...(environment === undefined ? {} : { env_spec: JSON.stringify(environmentSpec(environment)) }),
    dataset_id: datasetId,
    ...(algorithm === undefined ? {} : { algorithm_name: algorithm }),
    ...(description === undefined ? {} : { description }),
    minari_version: "0.5.4",
    dataset_size: Math.round(bytes / 1e5) / 10,
  };
}

const environmentSpec = ({ id, entryPoint, timeLimit }: NonNullable<MinariMetadata["environment"]>) => ({
  id,
  entry_point: entryPoint ?? null,
  reward_threshold: null,
  nondeterministic: false,
  max_episode_steps: timeLimit ?? null,
  order_enforce: true,
  disable_env_checker: false,
  kwargs: {},
  additional_wrappers: [],
  vector_entry_point: null,
});
