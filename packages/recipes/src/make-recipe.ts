import { availableParallelism } from "node:os";
import { ConfigError, type Episode, nearest } from "@lowerbound/core";
import { refuseExisting, writeD4rl, writeMinari } from "@lowerbound/datasets";
import { environmentFactory, startWorkers } from "@lowerbound/environments";
import { collectEpisodes } from "./collect.js";
import { loadLadder } from "./ladder.js";
import { type Recipe, recipes } from "./recipes.js";

export interface MakeOptions {
  /** The file to write, or the folder with the layout "minari". */
  readonly path: string;
  /** Decides every byte; 0 where left out. */
  readonly seed?: number;
  /** How many; the recipe's own number where left out. */
  readonly transitions?: number;
  readonly layout?: "d4rl-hdf5" | "minari";
  /** Threads that simulate; one a core where left out, 0 for this thread. The result does not depend on it. */
  readonly workers?: number;
  /** Called after every episode. */
  readonly onProgress?: (progress: { readonly transitions: number; readonly total: number }) => void;
  /** Stops between two episodes, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What was made. */
export interface MadeDataset {
  readonly path: string;
  readonly episodes: number;
  readonly transitions: number;
  /** Undiscounted returns of the episodes. */
  readonly returns: { readonly mean: number; readonly std: number; readonly min: number; readonly max: number };
}

/**
 * Make a dataset on this machine by playing shipped policies in MuJoCo: no download, and the same seed gives the same bytes.
 *
 * The file appears complete or not at all.
 * @throws ConfigError for an unknown recipe or a number of transitions that makes no sense; FileError where there is
 * something of that name, since runs may have learnt from it
 */
export async function makeRecipe(name: string, options: MakeOptions): Promise<MadeDataset> {
  const recipe = findRecipe(name);
  const { seed = 0, transitions = recipe.transitions, workers = availableParallelism(), signal, onProgress } = options;
  if (!Number.isSafeInteger(transitions) || transitions < 1) {
    throw new ConfigError(`${transitions} transitions cannot be made`, {
      where: "transitions",
      expected: "a positive integer",
      remedy: `leave it out for ${recipe.transitions}`,
    });
  }
  await refuseExisting(options.path);
  const phases = recipe.phases(await loadLadder(recipe.task));
  const pool = workers === 0 ? undefined : await startWorkers(workers);
  try {
    const returns: number[] = [];
    const report = (done: number) => onProgress?.({ transitions: done, total: transitions });
    const collecting = { transitions, seed, pool, signal, onProgress: report };
    const episodes = collectEpisodes(phases, environmentFactory(recipe.environment), collecting);
    await write(recipe, options, noting(episodes, returns));
    return { path: options.path, episodes: returns.length, transitions, returns: summarise(returns) };
  } finally {
    await pool?.close();
  }
}

function findRecipe(name: string): Recipe {
  const found = recipes.find((recipe) => recipe.name === name);
  if (found !== undefined) return found;
  const names = recipes.map((recipe) => recipe.name);
  const guess = nearest(name, names);
  throw new ConfigError(`there is no recipe "${name}"`, {
    expected: `one of ${names.join(", ")}`,
    remedy: guess === undefined ? "choose one of these" : `did you mean "${guess}"?`,
  });
}

function write(
  recipe: Recipe,
  { path, layout = "d4rl-hdf5" }: MakeOptions,
  episodes: AsyncIterable<Episode>,
): Promise<void> {
  const { environmentId: id, entryPoint, task, name } = recipe;
  if (layout === "d4rl-hdf5") return writeD4rl(path, episodes, { environmentId: id, algorithm: "SAC" });
  return writeMinari(path, episodes, {
    datasetId: `mujoco/${task}/${name.slice(task.length + 1)}-v0`,
    environment: { id, entryPoint, timeLimit: 1000 },
    algorithm: "SAC",
    description: recipe.summary,
  });
}

async function* noting(episodes: AsyncIterable<Episode>, returns: number[]): AsyncGenerator<Episode> {
  for await (const episode of episodes) {
    returns.push(episode.rewards.reduce((sum, reward) => sum + reward, 0));
    yield episode;
  }
}

function summarise(returns: readonly number[]): MadeDataset["returns"] {
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length;
  const of = (choose: (a: number, b: number) => number) => returns.reduce((chosen, value) => choose(chosen, value));
  return { mean, std: Math.sqrt(variance), min: of(Math.min), max: of(Math.max) };
}
