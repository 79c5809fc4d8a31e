import { DataError } from "@lowerbound/core";
import type { RowPiece, RowSource } from "./rows.js";

/** What to do about values that are refused. */
export const remedies = {
  notFinite: "repair or drop such rows",
  outside: "scale the actions into the bounds, or set actionLow and actionHigh to the true ones",
};

// Actions logged in single precision by a squashing policy can pass a bound by one rounding.
const SLACK = 1e-6;

type Checked = Pick<RowSource, "path" | "keys" | "observation" | "action" | "actionBounds">;

/** Check the values of a piece. @throws DataError naming file, key, row and column of the first bad one. */
export function checkPiece(source: Checked, piece: RowPiece): void {
  const { keys } = source;
  checkFinite(source, keys.observations, piece.observations, source.observation, piece.start);
  checkFinite(source, keys.actions, piece.actions, source.action, piece.start);
  checkFinite(source, keys.rewards, piece.rewards, 1, piece.start);
  if (piece.nextObservations !== undefined) {
    checkFinite(source, keys.nextObservations, piece.nextObservations, source.observation, piece.start);
  }
  checkBounds(source, piece);
}

/** @throws DataError for the first value that is NaN or infinite in single precision, in which it is kept. */
export function checkFinite(
  { path }: Checked,
  key: string,
  values: Float32Array | Float64Array,
  width: number,
  start: number,
): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(Math.fround(values[i]!))) {
      throw new DataError(`the value is ${values[i]}`, {
        where: place(path, key, start + Math.floor(i / width), i % width),
        expected: "a finite number, at most 3.4e38 in size",
        remedy: `${remedies.notFinite}; \`lowerbound data doctor\` counts them`,
      });
    }
  }
}

function checkBounds({ path, keys, action, actionBounds }: Checked, { actions, start }: RowPiece): void {
  if (actionBounds.length === 0) return;
  for (let i = 0; i < actions.length; i++) {
    const { low, high } = actionBounds[i % action] ?? { low: -Infinity, high: Infinity };
    if (actions[i]! < low - SLACK || actions[i]! > high + SLACK) {
      throw new DataError(`the action ${actions[i]} is outside its bounds`, {
        where: place(path, keys.actions, start + Math.floor(i / action), i % action),
        expected: `a number from ${low} to ${high}`,
        remedy: remedies.outside,
      });
    }
  }
}

const place = (path: string, key: string, row: number, column: number) => `${path} ${key} row ${row}, column ${column}`;
