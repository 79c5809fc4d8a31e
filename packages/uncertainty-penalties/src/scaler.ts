import { type HostTensors, hostFloat32, type Params, type Transitions } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** Entries that hardly move are divided by this, not by next to nothing. */
const LEAST_STD = 1e-6;

/** Rows (s, a) of transitions, standardised by their own mean and spread. */
export interface StandardRows {
  /** [count, dim], dim = observation + action. */
  readonly rows: Float32Array;
  readonly dim: number;
  /** `inputMean` and `inputStd`, [dim] each. */
  readonly scaler: HostTensors;
}

/** Observation and action side by side, each entry with mean 0 and standard deviation 1 over the data. */
export function standardRows({ observation, action, observations, actions, count }: Transitions): StandardRows {
  const dim = observation + action;
  const rows = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    rows.set(observations.subarray(row * observation, (row + 1) * observation), row * dim);
    rows.set(actions.subarray(row * action, (row + 1) * action), row * dim + observation);
  }
  const [mean, std] = momentsOf(rows, dim, count);
  for (let i = 0; i < rows.length; i++) rows[i] = (rows[i]! - mean[i % dim]!) / std[i % dim]!;
  return { rows, dim, scaler: { inputMean: hostFloat32(mean, dim), inputStd: hostFloat32(std, dim) } };
}

function momentsOf(rows: Float32Array, dim: number, count: number): [mean: Float32Array, std: Float32Array] {
  const mean = new Float64Array(dim);
  const square = new Float64Array(dim);
  for (let i = 0; i < rows.length; i++) mean[i % dim]! += rows[i]! / count;
  for (let i = 0; i < rows.length; i++) square[i % dim]! += (rows[i]! - mean[i % dim]!) ** 2 / count;
  return [Float32Array.from(mean), Float32Array.from(square, (value) => Math.max(Math.sqrt(value), LEAST_STD))];
}

/** (s, a) of a batch as the fitted rows are: [batch, dim]. */
export const standardInputs = (observation: Tensor, action: Tensor, { inputMean, inputStd }: Params): Tensor =>
  tf.div(tf.sub(tf.concat([observation, action], -1), inputMean!), inputStd!);
