import {
  defineComponent,
  type FitContext,
  type Fitted,
  hostFloat32,
  type Params,
  type PenaltyInputs,
  UncertaintyPenalty,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { standardInputs, standardRows } from "./scaler.js";

const config = z.object({
  neighbours: z.number().int().positive().default(1).describe("nearest points whose distances are averaged"),
  maximumPoints: z
    .number()
    .int()
    .positive()
    .default(100_000)
    .describe("points of the dataset that are compared with, drawn at random; the cost grows in proportion"),
  blockPoints: z.number().int().positive().default(1024).describe("points of one product; more do not fit the cache"),
});

export type NearestNeighbourOptions = z.output<typeof config>;

/**
 * Mean distance of (s, a) to its nearest points of the dataset, in standardised entries -> [batch].
 *
 * Params: `points` [dim, count], `halfSquares` [1, count], and the scaler's. Distances are by products, block by block:
 * |x - p|^2 = |x|^2 - 2 (x p - |p|^2 / 2), of which float32 leaves some 1e-3 near 0. The README has what was measured, one
 * library's k-d tree included.
 */
export function nearestNeighbour(
  { observation, action }: Pick<PenaltyInputs, "observation" | "action">,
  params: Params,
  { neighbours, blockPoints }: Pick<NearestNeighbourOptions, "neighbours" | "blockPoints">,
): Tensor {
  const rows = standardInputs(observation, action, params);
  const [dim, count] = params.points!.shape as [number, number];
  const k = Math.min(neighbours, count);
  // A last column of -1 meets the row of half squares, so that one product gives x p - |p|^2 / 2.
  const extended = tf.concat([rows, tf.fill([rows.shape[0]!, 1], -1)], -1);
  const points = tf.concat([params.points!, params.halfSquares!], 0);
  const blocks: Tensor[] = [];
  for (let from = 0; from < count; from += blockPoints) {
    const size = Math.min(blockPoints, count - from);
    blocks.push(tf.matMul(extended, tf.slice(points, [0, from], [dim + 1, size])));
  }
  const best = k === 1 ? largestOf(blocks) : largestFew(blocks, k);
  const squared = tf.sub(tf.sum(tf.square(rows), -1, true), tf.mul(2, best));
  return tf.mean(tf.sqrt(tf.relu(squared)), -1);
}

/** The largest entry of each row over all blocks: blocks of one width are compared entry by entry before any reduction. */
function largestOf(blocks: readonly Tensor[]): Tensor {
  const [first, ...others] = blocks;
  const width = first!.shape[1];
  const whole = others.filter((block) => block.shape[1] === width);
  const rest = others.filter((block) => block.shape[1] !== width);
  const among = whole.reduce((most, block) => tf.maximum(most, block), first!);
  return [among, ...rest].map((block) => tf.max(block, -1, true)).reduce((most, each) => tf.maximum(most, each));
}

/** The k largest entries of each row over all blocks. */
function largestFew(blocks: readonly Tensor[], k: number): Tensor {
  const few = (rows: Tensor): Tensor => (rows.shape[1]! <= k ? rows : topValues(rows, k));
  return few(tf.concat(blocks.map(few), -1));
}

/** The k largest entries of each row [batch, width] -> [batch, k]; TensorFlow.js knows no gradient of topk. */
function topValues(rows: Tensor, k: number): Tensor {
  const top = tf.customGrad((x, save) => {
    if (!(x instanceof tf.Tensor) || typeof save !== "function") throw new TypeError("topValues takes one tensor");
    const { values, indices } = tf.topk(x, k, true);
    save([indices]);
    const width = x.shape.at(-1)!;
    return {
      value: values,
      gradFunc: (dy: Tensor, [at]: Tensor[]) =>
        tf.sum(tf.mul(tf.oneHot(at as tf.Tensor2D, width, 1, 0, "float32"), tf.expandDims(dy, -1)), -2),
    };
  });
  return top(rows);
}

async function fit({ maximumPoints }: NearestNeighbourOptions, { dataset, random }: FitContext): Promise<Fitted> {
  const { rows, dim, scaler } = standardRows(await dataset.transitions());
  const total = rows.length / dim;
  const chosen = choose(total, maximumPoints, random);
  const points = new Float32Array(dim * chosen.length);
  const halfSquares = new Float32Array(chosen.length);
  for (const [at, row] of chosen.entries()) {
    for (let i = 0; i < dim; i++) {
      const value = rows[row * dim + i]!;
      points[i * chosen.length + at] = value;
      halfSquares[at]! += (value * value) / 2;
    }
  }
  const tensors = {
    ...scaler,
    points: hostFloat32(points, dim, chosen.length),
    halfSquares: hostFloat32(halfSquares, 1, chosen.length),
  };
  return { tensors, facts: { points: chosen.length, transitions: total } };
}

/** All rows, or as many as wanted without repetition. */
function choose(total: number, wanted: number, random: FitContext["random"]): Int32Array {
  const rows = Int32Array.from({ length: total }, (_, i) => i);
  if (total <= wanted) return rows;
  for (let i = 0; i < wanted; i++) {
    const [step] = random.integers(new Int32Array(1), total - i);
    [rows[i], rows[i + step!]] = [rows[i + step!]!, rows[i]!];
  }
  return rows.slice(0, wanted);
}

/** Penalty `nearest-neighbour`. */
export const nearestNeighbourPenalty = defineComponent({
  kind: UncertaintyPenalty,
  type: "nearest-neighbour",
  summary: "distance to the nearest logged pairs in standardised observations and actions",
  documentation:
    "u(s, a) = mean distance to the k nearest points of the dataset, in standard deviations of each entry.",
  config,
  create: (options) => ({
    unit: "standard deviations",
    seesReward: false,
    seesMembers: false,
    fit: (context) => fit(options, context),
    penalise: (inputs, params) => nearestNeighbour(inputs, params, options),
  }),
});
