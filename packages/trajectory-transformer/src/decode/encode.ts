import { int32, type Params, type TensorProgram } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Architecture, isValue } from "../model/architecture.js";
import { HIDDEN } from "../model/attention.js";
import { feedForward } from "../model/feed-forward.js";
import { layerNorm } from "../model/layer-norm.js";
import { parameterSpecs } from "../model/parameters.js";
import { blockWeights } from "../model/weights.js";
import { embed, headOf, join, queryKeyValue } from "./network.js";
import { cacheName } from "./program.js";

/** Positions whose keys are seen: all but those of values, which the model hides from every query. */
export const seenPositions = (length: number, transition: number): readonly number[] =>
  Array.from({ length }, (_, position) => position).filter((position) => !isValue(position, transition));

/**
 * Whole token sequences at once, for the cache to begin with.
 *
 * Inputs: `token` int32 [rows, length], rows of the embedding table; positions count from 0. Outputs: `logits` [rows,
 * vocabulary] of what follows the last token, and `new/keys/l`, `new/values/l` [heads, rows, seen, size] of each layer.
 * Of the last layer only the last position goes on, since nothing else is asked of it.
 */
export function encodeProgram(shape: Architecture, rows: number, length: number): TensorProgram {
  return {
    name: "decode-context",
    state: parameterSpecs(shape),
    inputs: { token: int32(rows, length) },
    noise: {},
    fn: (tensors) => encodeTokens(shape, rows, length, tensors),
  };
}

/** What {@link encodeProgram} computes, for other programs to begin with. */
export function encodeTokens(
  shape: Architecture,
  rows: number,
  length: number,
  tensors: Params,
): Record<string, Tensor> {
  const { transition, embedding } = shape;
  const seen = seenPositions(length, transition);
  const grown: Record<string, Tensor> = {};
  const positions = tf.tensor1d(
    Array.from({ length: rows * length }, (_, i) => i % length),
    "int32",
  );
  // [rows * length, embedding]
  let x = embed(tf.reshape(tensors.token!, [rows * length]), positions, tensors);
  for (let layer = 0; layer < shape.layers; layer++) {
    const weights = blockWeights(tensors, layer);
    const flat = queryKeyValue(layerNorm(x, weights.attentionNorm), weights, shape);
    const [query, key, value] = flat.map((each) => sequences(each, rows, length));
    const visible = (each: Tensor) =>
      seen.length === length ? each : tf.gather(each, tf.tensor1d([...seen], "int32"), 2);
    const [keys, values] = [visible(key!), visible(value!)];
    const last = layer === shape.layers - 1;
    const asking = last ? tf.slice(query!, [0, 0, length - 1, 0], [-1, -1, 1, -1]) : query!;
    const mixed = attendCausally(asking, keys, values, last ? undefined : causalMask(length, seen));
    if (last)
      x = tf.reshape(tf.slice(tf.reshape(x, [rows, length, embedding]), [0, length - 1, 0], [-1, 1, -1]), [
        rows,
        embedding,
      ]);
    x = tf.add(x, join(tf.reshape(mixed, [shape.heads, -1, embedding / shape.heads]), weights, shape));
    x = tf.add(x, feedForward(x, weights));
    grown[cacheName("new", "keys", layer)] = keys;
    grown[cacheName("new", "values", layer)] = values;
  }
  const head = tf.tensor1d([(length - 1) % transition], "int32");
  return { logits: headOf(x, head, tensors), ...grown };
}

/** [heads, rows * length, size] -> [heads, rows, length, size] */
const sequences = (x: Tensor, rows: number, length: number): Tensor =>
  tf.reshape(x, [x.shape[0]!, rows, length, x.shape[2]!]);

/** queries [heads, rows, asked, size] on keys [heads, rows, seen, size] -> [heads, rows, asked, size]. */
function attendCausally(query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | undefined): Tensor {
  const scores = tf.matMul(query, keys, false, true);
  return tf.matMul(tf.softmax(mask === undefined ? scores : tf.add(scores, mask), -1), values);
}

/** [length, seen]: 0 for keys at or before the query's position, a large negative number for later ones. */
const causalMask = (length: number, seen: readonly number[]): Tensor =>
  tf.tensor2d(
    Float32Array.from({ length: length * seen.length }, (_, i) =>
      seen[i % seen.length]! <= Math.floor(i / seen.length) ? 0 : HIDDEN,
    ),
    [length, seen.length],
  );
