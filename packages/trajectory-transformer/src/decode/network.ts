import type { Params } from "@lowerbound/core";
import { linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "../model/architecture.js";
import { layerNorm } from "../model/layer-norm.js";
import { type BlockWeights, normOf } from "../model/weights.js";

/** Rows of the embedding table [rows] and positions [rows] or [1] -> [rows, embedding]. */
export const embed = (token: Tensor, position: Tensor, params: Params): Tensor =>
  tf.add(tf.gather(params.tokens!, token), tf.gather(params.positions!, position));

/** x [rows, embedding] -> query, key and value [heads, rows, size], the query divided by sqrt(size). */
export function queryKeyValue(
  x: Tensor,
  { attention }: BlockWeights,
  { heads, embedding }: Architecture,
): readonly [Tensor, Tensor, Tensor] {
  const size = embedding / heads;
  const joined = tf.transpose(tf.reshape(linear(x, attention), [-1, 3, heads, size]), [1, 2, 0, 3]);
  const [query, key, value] = tf.unstack(joined, 0) as [Tensor, Tensor, Tensor];
  return [tf.mul(query, 1 / Math.sqrt(size)), key, value];
}

/** What heads found [heads, rows, size] -> [rows, embedding]. */
export const join = (mixed: Tensor, { projection }: BlockWeights, { embedding }: Architecture): Tensor =>
  linear(tf.reshape(tf.transpose(mixed, [1, 0, 2]), [-1, embedding]), projection);

/** Logits [rows, vocabulary] by the head [1] of the token's place in its transition. */
export const headOf = (x: Tensor, head: Tensor, params: Params): Tensor =>
  logitsBy(layerNorm(x, normOf(params, "norm")), head, params.heads!);

/** Logits [rows, vocabulary] of states [rows, width] by one of the heads [transition, vocabulary, width]. */
export function logitsBy(states: Tensor, head: Tensor, heads: Tensor): Tensor {
  const [, vocabulary, width] = heads.shape as [number, number, number];
  return tf.matMul(states, tf.reshape(tf.gather(heads, head), [vocabulary, width]), false, true);
}
