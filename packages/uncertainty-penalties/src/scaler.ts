import { type HostTensors, hostFloat32, type Params, type Transitions } from "@lowerbound/core";
import { columnMoments, divisorOf } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** Rows (s, a) of transitions, standardised by their own mean and spread. */
export interface StandardRows {
  /** [count, dim], dim = observation + action. */
  readonly rows: Float32Array;
  readonly dim: number;
  /** `inputMean` and `inputStd`, [dim] each; the spread is 1 where an entry is constant but for rounding. */
  readonly scaler: HostTensors;
}

/** Observation and action side by side, each entry with mean 0 and standard deviation 1 over the data, or 0 where it is constant. */
export function standardRows({ observation, action, observations, actions, count }: Transitions): StandardRows {
  const dim = observation + action;
  const rows = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    rows.set(observations.subarray(row * observation, (row + 1) * observation), row * dim);
    rows.set(actions.subarray(row * action, (row + 1) * action), row * dim + observation);
  }
  const moments = columnMoments(rows, dim);
  const mean = Float32Array.from(moments.mean);
  const std = Float32Array.from(moments.std, (value, i) => divisorOf(moments.mean[i]!, value));
  for (let i = 0; i < rows.length; i++) rows[i] = (rows[i]! - mean[i % dim]!) / std[i % dim]!;
  return { rows, dim, scaler: { inputMean: hostFloat32(mean, dim), inputStd: hostFloat32(std, dim) } };
}

/** (s, a) of a batch as the fitted rows are: [batch, dim]. */
export const standardInputs = (observation: Tensor, action: Tensor, { inputMean, inputStd }: Params): Tensor =>
  tf.div(tf.sub(tf.concat([observation, action], -1), inputMean!), inputStd!);
