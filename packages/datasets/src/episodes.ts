import type { Episode } from "@lowerbound/core";
import { checkPiece } from "./check-rows.js";
import type { RowPiece, RowSource, Steps } from "./rows.js";

interface OpenEpisode {
  readonly index: number;
  readonly first: number;
  readonly end: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
}

/** Episodes of a source in order; in memory are one piece of the file and one episode. @throws DataError */
export async function* episodesOf(source: RowSource): AsyncGenerator<Episode> {
  const steps = await source.steps();
  if (steps.episodeStarts.length < 2) return;
  let current = begin(source, steps, 0);
  for await (const piece of source.pieces()) {
    checkPiece(source, piece);
    for (let row = piece.start; row < piece.start + piece.count; ) {
      const to = Math.min(current.end, piece.start + piece.count);
      take(source, current, piece, row, to);
      row = to;
      if (row < current.end) break;
      yield finish(source, steps, current, piece);
      if (row < source.rows) current = begin(source, steps, current.index + 1);
    }
  }
}

function begin({ observation, action }: RowSource, { episodeStarts }: Steps, index: number): OpenEpisode {
  const first = episodeStarts[index]!;
  const end = episodeStarts[index + 1]!;
  const length = end - first;
  return {
    index,
    first,
    end,
    observations: new Float32Array((length + 1) * observation),
    actions: new Float32Array(length * action),
    rewards: new Float32Array(length),
  };
}

function take(
  { observation, action }: RowSource,
  episode: OpenEpisode,
  piece: RowPiece,
  from: number,
  to: number,
): void {
  const at = from - episode.first;
  const [a, b] = [from - piece.start, to - piece.start];
  episode.observations.set(piece.observations.subarray(a * observation, b * observation), at * observation);
  episode.actions.set(piece.actions.subarray(a * action, b * action), at * action);
  for (let i = a; i < b; i++) episode.rewards[at + i - a] = piece.rewards[i]!;
}

function finish(source: RowSource, steps: Steps, episode: OpenEpisode, piece: RowPiece): Episode {
  const { observation, action } = source;
  const { observations, actions, rewards, end, first } = episode;
  const length = end - first;
  const last = end - 1 - piece.start;
  const final = (piece.nextObservations ?? piece.observations).subarray(last * observation, (last + 1) * observation);
  observations.set(final, length * observation);
  const terminated = steps.terminations[end - 1] !== 0;
  return {
    observation,
    action,
    length,
    observations,
    actions,
    rewards,
    terminated,
    // An episode that nothing ended was cut by the end of the collection: that counts as a time limit.
    truncated: steps.timeouts[end - 1] !== 0 || !terminated,
    finalObservationKnown: source.hasNextObservations,
  };
}
