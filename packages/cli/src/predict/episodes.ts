import { DataError, Dataset, Random, type Transitions } from "@lowerbound/core";
import { scalesOf } from "@lowerbound/evaluation";
import { refuseChangedLog } from "../independent-log.js";
import { transitionsOfLog } from "../ope/log-of-task.js";
import type { OpenedRun } from "../ope/saved-run.js";
import type { PredictionReport } from "./prediction-file.js";

export interface EpisodeOptions {
  /** Another log of the run's task. */
  readonly data?: string;
  /** At most. */
  readonly episodes: number;
  /** Steps of an episode that is looked at, at least and at most. */
  readonly shortest: number;
  readonly steps: number;
  readonly seed: number;
}

/** Logged beginnings of episodes. */
export interface LoggedEpisodes {
  readonly from: PredictionReport["episodesFrom"];
  readonly observation: number;
  readonly action: number;
  /** First observations [observation], actions [steps, action] and what they led to [steps, observation], of each. */
  readonly each: readonly {
    readonly start: Float32Array;
    readonly actions: Float32Array;
    readonly came: Float32Array;
    readonly steps: number;
  }[];
}

/** Mean and deviation of each observed dimension. */
export interface Moments {
  readonly means: readonly number[];
  /** 1 for a dimension that is constant. */
  readonly deviations: readonly number[];
}

/** Moments of the observations in the run's data. */
export async function momentsOf({ pipeline }: OpenedRun): Promise<Moments> {
  const { observation, observations, count } = await pipeline.get(Dataset).transitions();
  const means = new Array<number>(observation).fill(0);
  observations.forEach((value, at) => {
    means[at % observation]! += value / count;
  });
  return { means, deviations: Array.from(scalesOf(observations, observation)) };
}

/**
 * Episodes to predict, drawn without replacement: of another log, else of the episodes that the run held out from its
 * fits, else any of its data's.
 *
 * @throws DataError for a log of other sizes, one that changed, or without an episode as long as asked for
 */
export async function episodesToPredict(run: OpenedRun, options: EpisodeOptions): Promise<LoggedEpisodes> {
  const { from, transitions } = await logOf(run, options);
  const { episodeStarts: starts } = transitions;
  const lengths = Array.from({ length: starts.length - 1 }, (_, k) => starts[k + 1]! - starts[k]!);
  const order = Array.from(Random.fromSeed(options.seed).stream("episodes").permutation(lengths.length));
  const chosen = order.filter((k) => lengths[k]! >= options.shortest).slice(0, options.episodes);
  if (chosen.length === 0) {
    throw new DataError(`no episode has ${options.shortest} steps`, {
      where: "--shortest",
      expected: `at most ${Math.max(0, ...lengths)}, the longest episode's length`,
    });
  }
  const { observation, action } = transitions;
  const each = chosen.map((k) => cut(transitions, starts[k]!, Math.min(lengths[k]!, options.steps)));
  return { from, observation, action, each };
}

function cut(
  { observation, action, observations, actions, nextObservations }: Transitions,
  row: number,
  steps: number,
) {
  const of = (values: Float32Array, width: number, rows: number) => values.slice(row * width, (row + rows) * width);
  return {
    start: of(observations, observation, 1),
    actions: of(actions, action, steps),
    came: of(nextObservations, observation, steps),
    steps,
  };
}

async function logOf(run: OpenedRun, { data }: EpisodeOptions) {
  if (data !== undefined) return { from: "another log" as const, transitions: await transitionsOfLog(run, data) };
  await refuseChangedLog(run);
  const heldOut = await run.pipeline.heldOutDataset();
  if (heldOut !== undefined) return { from: "held out" as const, transitions: await heldOut.transitions() };
  return { from: "data" as const, transitions: await run.pipeline.get(Dataset).transitions() };
}

/** The other runs that do not hold out what the first one does, where that holds any out. */
export async function mayHaveLearnt([first, ...others]: readonly OpenedRun[]): Promise<readonly OpenedRun[]> {
  const held = first === undefined ? undefined : await heldOutBy(first);
  if (held === undefined) return [];
  const found: OpenedRun[] = [];
  for (const other of others) {
    const own = await heldOutBy(other);
    const alike = own?.count === held.count && own.observations.every((value, i) => value === held.observations[i]);
    if (!alike) found.push(other);
  }
  return found;
}

const heldOutBy = async ({ pipeline }: OpenedRun) => (await pipeline.heldOutDataset())?.transitions();
