import type { Matrix, Policy } from "@lowerbound/core";

/** How a policy is asked for its actions on logged observations. */
export interface ActAllOptions {
  readonly deterministic: boolean;
  readonly seed: number;
  /** Observations a call; 1024 if left out. */
  readonly batch?: number;
}

const BATCH = 1024;

/** Rows of a flat array as a matrix. */
export const matrixOf = (data: Float32Array, columns: number): Matrix => ({
  rows: data.length / columns,
  columns,
  data,
});

/** The rows that a list names, [picks.length, columns]. */
export function pickRows({ columns, data }: Matrix, picks: ArrayLike<number>): Matrix {
  const out = new Float32Array(picks.length * columns);
  for (let k = 0; k < picks.length; k++) {
    const from = picks[k]! * columns;
    out.set(data.subarray(from, from + columns), k * columns);
  }
  return { rows: picks.length, columns, data: out };
}

/**
 * A policy's action at each logged observation, each as if an episode began there: [rows, observation] -> [rows, action].
 *
 * Every call has the same number of rows (the last is filled up), because policies are compiled for a batch size.
 */
export async function actAll(policy: Policy, observations: Matrix, options: ActAllOptions): Promise<Matrix> {
  const { deterministic, seed, batch = BATCH } = options;
  const size = Math.min(batch, observations.rows);
  let actions = { rows: 0, columns: 0, data: new Float32Array(0) };
  for (let from = 0, call = 0; from < observations.rows; from += size, call++) {
    const state = await policy.init(size, seed + call);
    const chosen = (await policy.act(filled(observations, from, size), state, { deterministic })).actions;
    if (from === 0) actions = emptyMatrix(observations.rows, chosen.columns);
    const rows = Math.min(size, observations.rows - from);
    actions.data.set(chosen.data.subarray(0, rows * chosen.columns), from * chosen.columns);
  }
  return actions;
}

const emptyMatrix = (rows: number, columns: number) => ({ rows, columns, data: new Float32Array(rows * columns) });

/** `size` rows from `from` on, the last one repeated beyond the end. */
export function filled({ rows, columns, data }: Matrix, from: number, size: number): Matrix {
  const out = new Float32Array(size * columns);
  for (let k = 0; k < size; k++) {
    const row = Math.min(from + k, rows - 1);
    out.set(data.subarray(row * columns, (row + 1) * columns), k * columns);
  }
  return { rows: size, columns, data: out };
}
