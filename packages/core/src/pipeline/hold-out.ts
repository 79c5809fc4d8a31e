import type { Dataset, DatasetInfo, Episode, Transitions } from "../contracts/dataset.js";
import type { FitContext } from "../contracts/fit.js";
import { CapabilityError, DataError } from "../errors.js";
import type { Random } from "../rng/random.js";
import { counted } from "../words.js";

/** A dataset in two: episodes to learn from, and episodes apart from them. */
export interface HeldOut {
  readonly fitting: Dataset;
  readonly heldOut: Dataset;
}

/**
 * Split off a share of the episodes, drawn by the stream; at least one stays on either side.
 *
 * @throws DataError if there are fewer than two
 */
export async function holdOut(dataset: Dataset, share: number, random: Random): Promise<HeldOut> {
  const transitions = await dataset.transitions();
  const episodes = transitions.episodeStarts.length - 1;
  const wanted = countOf(share, { name: (await dataset.info()).name, episodes });
  const chosen = choose(episodes, wanted, random);
  return {
    fitting: view(dataset, transitions, (episode) => !chosen.has(episode)),
    heldOut: view(dataset, transitions, (episode) => chosen.has(episode)),
  };
}

/** What a part that holds episodes out is given of them. @throws CapabilityError outside a pipeline, which gives none */
export function heldOutOf({ heldOut }: Pick<FitContext, "heldOut">, where: string): Dataset {
  if (heldOut !== undefined) return heldOut;
  throw new CapabilityError("no episodes are held out", { where, expected: "a pipeline" });
}

/** Episodes that a share of a log comes to: at least one, and at most all but one. @throws DataError where there is one */
export function countOf(share: number, log: Pick<DatasetInfo, "name" | "episodes">): number {
  checkCanHoldOut(log);
  return Math.max(1, Math.min(Math.round(share * log.episodes), log.episodes - 1));
}

/** Refuse a log of which no episode can be held out and another learnt from. @throws DataError */
export function checkCanHoldOut({ name, episodes }: Pick<DatasetInfo, "name" | "episodes">): void {
  if (episodes >= 2) return;
  throw new DataError(`${counted(episodes, "episode")} cannot be split`, {
    where: name,
    expected: "two episodes or more, since a part of the configuration holds some out",
    remedy:
      "name the log's `episode` column if it has several episodes; or do without what holds episodes out: a conformal " +
      "penalty, a penalty coefficient or beta of auto, a sequence model's heldOut",
  });
}

function choose(total: number, wanted: number, random: Random): ReadonlySet<number> {
  const order = Array.from({ length: total }, (_, i) => i);
  for (let i = 0; i < wanted; i++) {
    const [step] = random.integers(new Int32Array(1), total - i);
    [order[i], order[i + step!]] = [order[i + step!]!, order[i]!];
  }
  return new Set(order.slice(0, wanted));
}

type Keeps = (episode: number) => boolean;

function view(dataset: Dataset, all: Transitions, keeps: Keeps): Dataset {
  const transitions = selectEpisodes(all, keeps);
  return {
    info: async () => infoOf(await dataset.info(), transitions),
    episodes: () => episodesThat(dataset, all, keeps),
    transitions: async () => transitions,
    close: async () => {},
  };
}

/**
 * The episodes that are kept, by their number among those that have transitions, as {@link selectEpisodes} counts them.
 *
 * An episode of one step that was cut, and what came next not logged, has none.
 */
export async function* episodesThat(dataset: Dataset, all: Transitions, keeps: Keeps): AsyncGenerator<Episode> {
  let number = 0;
  for await (const episode of dataset.episodes()) {
    if (isNumbered(number, episode, all) && keeps(number++)) yield episode;
  }
}

/** Whether the transitions of that number are the episode's; those of an episode of one step may be another's. */
function isNumbered(number: number, { length, observations }: Episode, all: Transitions): boolean {
  if (length > 1) return true;
  const { observation, episodeStarts } = all;
  const [start, end] = [episodeStarts[number], episodeStarts[number + 1]];
  if (start === undefined || end === undefined || end - start !== 1) return false;
  const first = all.observations.subarray(start * observation, (start + 1) * observation);
  return first.every((value, i) => value === observations[i]);
}

const infoOf = (info: DatasetInfo, { count, episodeStarts }: Transitions): DatasetInfo => ({
  ...info,
  steps: count,
  episodes: episodeStarts.length - 1,
});

/** The transitions of the episodes that are kept, by their number, in order, copied. */
export function selectEpisodes(all: Transitions, keeps: Keeps): Transitions {
  const { observation, action, episodeStarts: starts } = all;
  const kept = Array.from({ length: starts.length - 1 }, (_, episode) => episode).filter(keeps);
  const episodeStarts = new Int32Array(kept.length + 1);
  for (const [at, episode] of kept.entries()) {
    episodeStarts[at + 1] = episodeStarts[at]! + starts[episode + 1]! - starts[episode]!;
  }
  const count = episodeStarts.at(-1)!;
  const gather = <T extends Float32Array | Uint8Array>(from: T, into: T, width: number): T => {
    for (const [at, episode] of kept.entries()) {
      into.set(from.subarray(starts[episode]! * width, starts[episode + 1]! * width), episodeStarts[at]! * width);
    }
    return into;
  };
  return {
    observation,
    action,
    count,
    episodeStarts,
    observations: gather(all.observations, new Float32Array(count * observation), observation),
    actions: gather(all.actions, new Float32Array(count * action), action),
    rewards: gather(all.rewards, new Float32Array(count), 1),
    nextObservations: gather(all.nextObservations, new Float32Array(count * observation), observation),
    terminations: gather(all.terminations, new Uint8Array(count), 1),
  };
}
