import { DataError, type Dataset, type Transitions } from "@lowerbound/core";
import { checkPiece } from "./check-rows.js";
import { type Convention, type Selection, selectRows } from "./conventions.js";
import { type RowPiece, type RowSource, type Steps, using } from "./rows.js";
import { rowsOf } from "./rows-of-dataset.js";

/**
 * All transitions of a dataset under a convention, whatever the dataset's own one is.
 *
 * @throws DataError for values that cannot be used; ConfigError for a convention that needs what is not stored
 */
export const toTransitions = (dataset: Dataset, convention: Convention): Promise<Transitions> =>
  using(rowsOf(dataset), (source) => transitionsOfRows(source, convention));

/**
 * All transitions of a file under a convention, read in pieces into arrays made once.
 *
 * Peak memory is the result and a few bytes a row. @throws DataError for values that cannot be used.
 */
export async function transitionsOfRows(source: RowSource, convention: Convention = "true-next"): Promise<Transitions> {
  const steps = await source.steps();
  const selection = selectRows(convention, steps, source.hasNextObservations);
  const out = allocate(source, selection, steps);
  const slots = slotOfRow(selection.rows, steps.terminations.length);
  for await (const piece of source.pieces()) {
    checkPiece(source, piece);
    fill(out, piece, slots, selection);
  }
  if (selection.rows.length === 0) throw noTransitions(source, convention, steps);
  return out;
}

const noTransitions = ({ path, rows }: RowSource, convention: Convention, { episodeStarts }: Steps) =>
  new DataError(`none of its ${rows} rows becomes a transition`, {
    where: path,
    expected: `rows whose next observation is known (convention "${convention}"); it has ${episodeStarts.length - 1} episodes`,
    remedy: "check the flags and ids that end episodes with `lowerbound data doctor`, or store next observations",
  });

function allocate(
  { observation, action, path }: RowSource,
  { rows, terminations }: Selection,
  steps: Steps,
): Transitions {
  const count = rows.length;
  try {
    return {
      count,
      observation,
      action,
      observations: new Float32Array(count * observation),
      actions: new Float32Array(count * action),
      rewards: new Float32Array(count),
      nextObservations: new Float32Array(count * observation),
      terminations,
      episodeStarts: startsAmong(rows, steps.episodeStarts),
    };
  } catch (cause) {
    throw new DataError(`${count} transitions do not fit into memory`, {
      where: path,
      remedy: "use a smaller file, or iterate over its episodes",
      cause,
    });
  }
}

function slotOfRow(rows: Int32Array, count: number): Int32Array {
  const slots = new Int32Array(count).fill(-1);
  for (let slot = 0; slot < rows.length; slot++) slots[rows[slot]!] = slot;
  return slots;
}

/** First kept row of each episode that has one, as an index among the kept, and their number. */
function startsAmong(rows: Int32Array, episodeStarts: Int32Array): Int32Array {
  const starts: number[] = [];
  let episode = -1;
  for (let slot = 0; slot < rows.length; slot++) {
    const before = episode;
    while (episode + 2 < episodeStarts.length && episodeStarts[episode + 1]! <= rows[slot]!) episode++;
    if (episode !== before) starts.push(slot);
  }
  return Int32Array.from([...starts, rows.length]);
}

function fill(out: Transitions, piece: RowPiece, slots: Int32Array, { next, ownNext }: Selection): void {
  const { observation, action } = out;
  for (let i = 0; i < piece.count; i++) {
    const row = piece.start + i;
    const before = row === 0 ? -1 : slots[row - 1]!;
    // A row's observation is the next one of the row before: so no piece has to look into the one after it.
    if (next === "following" && before >= 0 && ownNext[before] === 0) {
      copy(piece.observations, i, out.nextObservations, before, observation);
    }
    const slot = slots[row]!;
    if (slot < 0) continue;
    copy(piece.observations, i, out.observations, slot, observation);
    copy(piece.actions, i, out.actions, slot, action);
    out.rewards[slot] = piece.rewards[i]!;
    if (ownNext[slot] === 1) copy(piece.observations, i, out.nextObservations, slot, observation);
    else if (next === "stored") copy(storedNext(piece), i, out.nextObservations, slot, observation);
  }
}

function storedNext({ nextObservations }: RowPiece): Float32Array {
  if (nextObservations === undefined) throw new DataError("a piece of the file lacks its next observations");
  return nextObservations;
}

function copy(from: Float32Array, fromRow: number, to: Float32Array, toRow: number, width: number): void {
  for (let i = 0, a = fromRow * width, b = toRow * width; i < width; i++) to[b + i] = from[a + i]!;
}
