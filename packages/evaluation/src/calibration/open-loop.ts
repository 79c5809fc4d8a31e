import type { Transitions } from "@lowerbound/core";
import { errorNorms, scalesOf } from "../model-error/errors.js";
import { type FittedModel, predictRows } from "./predict.js";
import { episodeOf, joinRows, type MeasuredRows, measuredRows } from "./rows.js";

/** Error after so many steps without looking at the data in between. */
export interface OpenLoopError {
  readonly step: number;
  /** Rows whose episode lasted that long. */
  readonly rows: number;
  /** Root mean squared error of the state over its spread in the data. */
  readonly normalised: number;
}

/** Predictions that look at the data once, at their first step. */
export interface OpenLoop {
  /** States that the model went through under the logged actions, beside what came in the log; step by step. */
  readonly rows: MeasuredRows;
  /** The elites' mean prediction of next observation and reward, [rows, observation + 1]. */
  readonly average: Float32Array;
}

/**
 * Roll the elites' mean prediction forward under the logged actions.
 *
 * Starts at rows `from`; a row leaves when its logged episode ends. Only the first row of each is known to be held out.
 */
export async function openLoop(
  model: FittedModel,
  transitions: Transitions,
  from: Int32Array,
  steps: number,
): Promise<OpenLoop> {
  const { observation, episodeStarts } = transitions;
  const ends = from.map((row) => episodeStarts[episodeOf(transitions, row) + 1]!);
  const parts = [measuredRows(transitions, new Int32Array())];
  const averages: Float32Array[] = [new Float32Array()];
  let alive = Int32Array.from(from.keys());
  for (let step = 0; step < steps; step++) {
    const keep = Array.from(alive.keys()).filter((k) => from[alive[k]!]! + step < ends[alive[k]!]!);
    if (keep.length === 0) break;
    alive = Int32Array.from(keep, (k) => alive[k]!);
    const logged = measuredRows(
      transitions,
      alive.map((k) => from[k]! + step),
    );
    const observations = step === 0 ? logged.observations : statesOf(averages.at(-1)!, keep, observation);
    parts.push({ ...logged, observations, step: new Int32Array(keep.length).fill(step) });
    averages.push((await predictRows(model, parts.at(-1)!)).average);
  }
  return { rows: joinRows(parts), average: Float32Array.from(averages.flatMap((each) => Array.from(each))) };
}

/** Error of the state by step, until the first that is not finite: from there on a rollout has left what numbers can hold. */
export function openLoopErrors({ rows, average }: OpenLoop, transitions: Transitions): readonly OpenLoopError[] {
  const { observation } = transitions;
  const spreads = scalesOf(transitions.observations, observation);
  const scaled = (values: Float32Array) => Float64Array.from(values, (value, i) => value / spreads[i % observation]!);
  const states = statesOf(average, Array.from(rows.step.keys()), observation);
  const norms = errorNorms(scaled(states), scaled(rows.nextObservations), { dims: observation });
  const last = rows.step.at(-1) ?? -1;
  const errors = Array.from({ length: last + 1 }, (_, step) => {
    const own = norms.filter((__, row) => rows.step[row] === step);
    const square = own.reduce((sum, norm) => sum + norm * norm, 0) / (own.length * observation);
    return { step: step + 1, rows: own.length, normalised: Math.sqrt(square) };
  });
  const lost = errors.findIndex(({ normalised }) => !Number.isFinite(normalised));
  return lost < 0 ? errors : errors.slice(0, lost);
}

/** States in rows of predictions, whose last column is the reward, [rows, width + 1]. */
function statesOf(average: Float32Array, rows: readonly number[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (const [k, row] of rows.entries()) {
    out.set(average.subarray(row * (width + 1), row * (width + 1) + width), k * width);
  }
  return out;
}
