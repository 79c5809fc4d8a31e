import type { Columns } from "./logs/columns.js";

/** Rows of a dataset's file, a run of them: observations [count, observation], actions [count, action]. */
export interface RowPiece {
  /** Index of the first row. */
  readonly start: number;
  readonly count: number;
  readonly observations: Float32Array;
  /** The observations as the file has them, where that is not single precision. */
  readonly exact?: Float64Array;
  readonly actions: Float32Array;
  readonly rewards: Float64Array;
  /** Present where the layout stores them. */
  readonly nextObservations?: Float32Array;
}

/** The light columns of all rows: what decides which rows belong together and which become transitions. */
export interface Steps {
  readonly rewards: Float64Array;
  /** 1 where the file says that the step reached a terminal state. */
  readonly terminations: Uint8Array;
  /** 1 where the file says that the step was cut by a time limit. */
  readonly timeouts: Uint8Array;
  /** First row of each episode, and the number of rows at the end. */
  readonly episodeStarts: Int32Array;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A file of logged rows, open: whatever the layout, read in order and in pieces, and nothing repaired. */
export interface RowSource {
  readonly path: string;
  /** Files whose content is the dataset. */
  readonly files: readonly string[];
  readonly layout: string;
  /** How the columns of a user's log are read. */
  readonly columns?: Columns;
  /** Columns of a user's log that seem to say where episodes end, and that nothing reads. */
  readonly unread?: readonly string[];
  /** Steps after which the user says that episodes were cut. */
  readonly timeLimit?: number;
  /** Whether neither the file nor the user says which steps a time limit cut. */
  readonly cutsUnknown?: boolean;
  readonly name: string;
  readonly environmentId?: string;
  readonly rows: number;
  readonly observation: number;
  readonly action: number;
  readonly hasNextObservations: boolean;
  /** What messages call the columns: a key, a column's name. */
  readonly keys: RowKeys;
  /** Bounds of each action entry; none where the user switched the check off. */
  readonly actionBounds: readonly Bounds[];
  steps(): Promise<Steps>;
  pieces(): AsyncIterable<RowPiece>;
  close(): Promise<void>;
}

export interface RowKeys {
  readonly observations: string;
  readonly actions: string;
  readonly rewards: string;
  readonly nextObservations: string;
}

/** Rows of a piece so that it takes about four megabytes. */
export const rowsPerPiece = (numbersPerRow: number): number =>
  Math.max(1, Math.floor((1 << 20) / Math.max(1, numbersPerRow)));

/** Episodes of rows that are told apart by their flags alone: one ends at a terminal, a time-out and the last row. */
export function startsFromFlags(terminations: Uint8Array, timeouts: Uint8Array): Int32Array {
  const starts: number[] = [];
  let open = false;
  for (let row = 0; row < terminations.length; row++) {
    if (!open) starts.push(row);
    open = terminations[row] === 0 && timeouts[row] === 0;
  }
  return Int32Array.from([...starts, terminations.length]);
}

/** Open, use, close, whatever happens. */
export async function using<T>(open: () => Promise<RowSource>, use: (source: RowSource) => Promise<T>): Promise<T> {
  const source = await open();
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
