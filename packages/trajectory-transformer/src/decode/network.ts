import type { Params } from "@lowerbound/core";
import { type Layer, linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "../model/architecture.js";

interface Norm {
  readonly scale: Tensor;
  readonly offset: Tensor;
}

export interface BlockWeights {
  readonly attentionNorm: Norm;
  /** Query, key and value one after another [embedding, 3 embedding]. */
  readonly attention: Layer;
  readonly projection: Layer;
  readonly forwardNorm: Norm;
  readonly up: Layer;
  readonly down: Layer;
}

const layerOf = (params: Params, path: string): Layer => ({
  weight: params[`${path}/weight`]!,
  bias: params[`${path}/bias`]!,
});
const normOf = (params: Params, path: string): Norm => ({
  scale: params[`${path}/scale`]!,
  offset: params[`${path}/offset`]!,
});

export function blockWeights(params: Params, block: number): BlockWeights {
  const at = (name: string) => `blocks/${block}/${name}`;
  return {
    attentionNorm: normOf(params, at("attentionNorm")),
    attention: layerOf(params, at("attention")),
    projection: layerOf(params, at("projection")),
    forwardNorm: normOf(params, at("forwardNorm")),
    up: layerOf(params, at("up")),
    down: layerOf(params, at("down")),
  };
}

/** Rows of the embedding table [rows] and positions [rows] or [1] -> [rows, embedding]. */
export const embed = (token: Tensor, position: Tensor, params: Params): Tensor =>
  tf.add(tf.gather(params.tokens!, token), tf.gather(params.positions!, position));

/** Layer norm over the last axis, epsilon 1e-5. */
export function normalise(x: Tensor, { scale, offset }: Norm): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, 1e-5))), scale), offset);
}

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

/** Two layers with the exact GELU between them. */
export function feedForward(x: Tensor, { forwardNorm, up, down }: BlockWeights): Tensor {
  const hidden = linear(normalise(x, forwardNorm), up);
  const open = tf.add(tf.erf(tf.div(hidden, Math.SQRT2)), 1);
  return linear(tf.mul(tf.mul(hidden, open), 0.5), down);
}

/** Logits [rows, vocabulary] by the head [1] of the token's place in its transition. */
export function headOf(x: Tensor, head: Tensor, params: Params): Tensor {
  const [, vocabulary, embedding] = params.heads!.shape as [number, number, number];
  const weight = tf.reshape(tf.gather(params.heads!, head), [vocabulary, embedding]);
  return tf.matMul(normalise(x, normOf(params, "norm")), weight, false, true);
}
