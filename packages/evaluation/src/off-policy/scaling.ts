import type { Matrix, Transitions } from "@lowerbound/core";
import { columnMoments } from "@lowerbound/nn";
import { matrixOf } from "./act-all.js";

/** Added to a spread: entries that never change stay where they are. */
const OFFSET = 1e-3;

/** Mean and spread of the data's observations, and the data's mean absolute reward. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  readonly reward: number;
}

export function scalingOf({ observation, observations, rewards, count }: Transitions): Scaling {
  const { mean, std } = columnMoments(observations, observation);
  const reward = rewards.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(count, 1);
  return { mean, std: std.map((value) => value + OFFSET), reward: reward === 0 ? 1 : reward };
}

/** Observations less their mean, over their spread. */
export const scaled = ({ columns, data }: Matrix, { mean, std }: Scaling): Matrix =>
  matrixOf(
    data.map((value, i) => (value - mean[i % columns]!) / std[i % columns]!),
    columns,
  );
