import type { Matrix, Transitions } from "@lowerbound/core";
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
  const mean = new Float64Array(observation);
  const square = new Float64Array(observation);
  for (let i = 0; i < observations.length; i++) mean[i % observation]! += observations[i]! / count;
  for (let i = 0; i < observations.length; i++) {
    square[i % observation]! += (observations[i]! - mean[i % observation]!) ** 2 / count;
  }
  const reward = rewards.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(count, 1);
  return { mean, std: square.map((value) => Math.sqrt(value) + OFFSET), reward: reward === 0 ? 1 : reward };
}

/** Observations less their mean, over their spread. */
export const scaled = ({ columns, data }: Matrix, { mean, std }: Scaling): Matrix =>
  matrixOf(
    data.map((value, i) => (value - mean[i % columns]!) / std[i % columns]!),
    columns,
  );
