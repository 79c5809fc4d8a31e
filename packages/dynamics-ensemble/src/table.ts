import type { Transitions } from "@lowerbound/core";
import { divisorOf } from "@lowerbound/nn";
import { sizesOf } from "./network.js";

/** Supervised rows: inputs [rows, input] (observation, action) and targets [rows, output] (change, reward). */
export interface Table {
  readonly rows: number;
  readonly input: number;
  readonly output: number;
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

/** Rows of transitions as the ensemble learns them; inputs not yet standardised. */
export function tableOf(transitions: Transitions): Table {
  const { count, observation, action, observations, actions, nextObservations, rewards } = transitions;
  const { input, output } = sizesOf(transitions);
  const inputs = new Float32Array(count * input);
  const targets = new Float32Array(count * output);
  for (let row = 0; row < count; row++) {
    const from = row * observation;
    for (let i = 0; i < observation; i++) {
      inputs[row * input + i] = observations[from + i]!;
      targets[row * output + i] = nextObservations[from + i]! - observations[from + i]!;
    }
    for (let i = 0; i < action; i++) inputs[row * input + observation + i] = actions[row * action + i]!;
    targets[row * output + observation] = rewards[row]!;
  }
  return { rows: count, input, output, inputs, targets };
}

export interface Scaler {
  /** [input] */
  readonly mean: Float32Array;
  /** [input]; population standard deviation, 1 where an entry is constant but for rounding. */
  readonly std: Float32Array;
}

/** Mean and standard deviation of the inputs of some rows, summed in double precision. */
export function fitScaler({ input, inputs }: Table, rows: Int32Array): Scaler {
  const mean = new Float64Array(input);
  for (const row of rows) for (let i = 0; i < input; i++) mean[i]! += inputs[row * input + i]! / rows.length;
  const variance = new Float64Array(input);
  for (const row of rows) {
    for (let i = 0; i < input; i++) variance[i]! += (inputs[row * input + i]! - mean[i]!) ** 2 / rows.length;
  }
  const std = variance.map((value, i) => divisorOf(mean[i]!, Math.sqrt(value)));
  return { mean: Float32Array.from(mean), std: Float32Array.from(std) };
}

/** Standardise the inputs in place. */
export function standardiseTable({ rows, input, inputs }: Table, { mean, std }: Scaler): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < input; i++) {
      const at = row * input + i;
      inputs[at] = (inputs[at]! - mean[i]!) / std[i]!;
    }
  }
}

/** Copy `count` rows, listed from `from` on in `rows`, to row `at` on of `into`. */
export function gatherRows(
  table: Table,
  rows: Int32Array,
  { from, count, at }: { readonly from: number; readonly count: number; readonly at: number },
  into: { readonly inputs: Float32Array; readonly targets: Float32Array },
): void {
  const { input, output, inputs, targets } = table;
  for (let k = 0; k < count; k++) {
    const row = rows[from + k]!;
    for (let i = 0; i < input; i++) into.inputs[(at + k) * input + i] = inputs[row * input + i]!;
    for (let i = 0; i < output; i++) into.targets[(at + k) * output + i] = targets[row * output + i]!;
  }
}
