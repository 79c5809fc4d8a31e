import type { Transitions } from "@lowerbound/core";
import { errorNorms, spreadOf } from "../model-error/errors.js";
import { type FittedModel, predictRows } from "./predict.js";
import { episodeOf, measuredRows } from "./rows.js";

/** Error after so many steps without looking at the data in between. */
export interface OpenLoopError {
  readonly step: number;
  /** Rows whose episode lasted that long. */
  readonly rows: number;
  /** Root mean squared error of the state over its spread in the data. */
  readonly normalised: number;
}

/**
 * Roll the elites' mean prediction forward under the logged actions and compare it with the logged states.
 *
 * Starts at rows `from`; a row leaves when its logged episode ends. Only the first row of each is known to be held out.
 */
export async function openLoopErrors(
  model: FittedModel,
  transitions: Transitions,
  from: Int32Array,
  steps: number,
): Promise<readonly OpenLoopError[]> {
  const { observation, episodeStarts } = transitions;
  const spreads = Array.from(
    { length: observation },
    (_, d) => spreadOf(transitions.observations, observation, d) || 1,
  );
  const ends = from.map((row) => episodeStarts[episodeOf(transitions, row) + 1]!);
  const errors: OpenLoopError[] = [];
  let alive = Int32Array.from(from.keys());
  let states: Float32Array | undefined;
  for (let step = 0; step < steps; step++) {
    const keep = Array.from(alive.keys()).filter((k) => from[alive[k]!]! + step < ends[alive[k]!]!);
    if (keep.length === 0) break;
    const before: Float32Array | undefined = states;
    const rows = measuredRows(
      transitions,
      Int32Array.from(keep, (k) => from[alive[k]!]! + step),
    );
    const carried = before === undefined ? rows.observations : takeRows(before, keep, observation);
    const { average } = await predictRows(model, { ...rows, observations: carried });
    states = dropLast(average, observation);
    alive = Int32Array.from(keep, (k) => alive[k]!);
    errors.push({ step: step + 1, rows: keep.length, normalised: normalised(states, rows.nextObservations, spreads) });
  }
  return errors;
}

function takeRows(values: Float32Array, rows: readonly number[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (const [k, row] of rows.entries()) out.set(values.subarray(row * width, (row + 1) * width), k * width);
  return out;
}

/** [rows, width + 1] without the last column. */
function dropLast(values: Float32Array, width: number): Float32Array {
  const rows = values.length / (width + 1);
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    out.set(values.subarray(row * (width + 1), row * (width + 1) + width), row * width);
  }
  return out;
}

function normalised(predicted: Float32Array, target: Float32Array, spreads: readonly number[]): number {
  const dims = spreads.length;
  const scaled = (values: Float32Array) => Float64Array.from(values, (value, i) => value / spreads[i % dims]!);
  const norms = errorNorms(scaled(predicted), scaled(target), { dims });
  return Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0) / (norms.length * dims));
}
