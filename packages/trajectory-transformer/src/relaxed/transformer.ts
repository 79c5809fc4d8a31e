import type { Params } from "@lowerbound/core";
import { type Layer, linear } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Architecture, isValue } from "../model/architecture.js";
import { HIDDEN, mix } from "../model/attention.js";
import { type FeedForwardLayers, feedForwardBy, feedForwardLayers } from "../model/feed-forward.js";
import { layerNorm, normIntoLinear, standardise } from "../model/layer-norm.js";
import { blockWeights, normOf } from "../model/weights.js";
import { type Past, type SoftNetwork, softEmbedding, softLogits } from "./network.js";

/** A block with norms and constants in its weights, once for all that it reads. */
interface Block extends FeedForwardLayers {
  readonly attention: Layer;
  readonly projection: Layer;
}

/** The Trajectory Transformer read token by token, its keys and values kept in the graph. */
export function softTransformer(params: Params, architecture: Architecture): SoftNetwork {
  const blocks = Array.from({ length: architecture.layers }, (_, block) => blockOf(params, block));
  return {
    ...softEmbedding(params, architecture),
    read: (past, embedded) => read({ params, architecture, blocks }, past, embedded),
    logits: (states, place) => softLogits(layerNorm(states, normOf(params, "norm")), params.heads!, place),
  };
}

function blockOf(params: Params, block: number): Block {
  const weights = blockWeights(params, block);
  const { attentionNorm, attention, projection } = weights;
  return { attention: normIntoLinear(attentionNorm, attention), projection, ...feedForwardLayers(weights) };
}

interface Reader {
  readonly params: Params;
  readonly architecture: Architecture;
  readonly blocks: readonly Block[];
}

function read({ params, architecture, blocks }: Reader, past: Past, embedded: Tensor) {
  const [rows, tokens, embedding] = embedded.shape as [number, number, number];
  const mask = maskAfter(past.positions, tokens, architecture.transition);
  const kept: Record<string, Tensor> = {};
  // [rows * tokens, embedding]
  let x = tf.reshape(tf.add(embedded, tf.slice(params.positions!, [past.positions, 0], [tokens, embedding])), [
    rows * tokens,
    embedding,
  ]);
  blocks.forEach(({ attention, projection, ...forward }, block) => {
    const [query, key, value] = heads(linear(standardise(x), attention), rows, tokens, architecture);
    const grown = (name: string, own: Tensor): Tensor => {
      const before = past.kept[`${name}/${block}`];
      const all = before === undefined ? own : tf.concat([before, own], 2);
      kept[`${name}/${block}`] = all;
      return all;
    };
    const [keys, values] = [grown("keys", key), grown("values", value)];
    const scores = tf.add(tf.matMul(tf.mul(query, 1 / Math.sqrt(query.shape[3]!)), keys, false, true), mask);
    const mixed = tf.transpose(
      mix(scores, values, (weights) => weights),
      [0, 2, 1, 3],
    );
    x = tf.add(x, linear(tf.reshape(mixed, [rows * tokens, embedding]), projection));
    x = tf.add(x, feedForwardBy(x, forward));
  });
  return { past: { positions: past.positions + tokens, kept }, states: tf.reshape(x, [rows, tokens, embedding]) };
}

/** Query, key and value [rows, heads, tokens, size] of rows [rows * tokens, 3 * embedding]. */
function heads(flat: Tensor, rows: number, tokens: number, { heads, embedding }: Architecture) {
  const apart = tf.reshape(flat, [rows, tokens, 3, heads, embedding / heads]);
  return tf.unstack(tf.transpose(apart, [2, 0, 3, 1, 4]), 0) as [Tensor, Tensor, Tensor];
}

/** [tokens, before + tokens], query by key: 0 where the key is seen, a large negative number where it comes later or is a value's. */
function maskAfter(before: number, tokens: number, transition: number): Tensor {
  const keys = before + tokens;
  const entries = Float32Array.from({ length: tokens * keys }, (_, i) => {
    const [query, key] = [before + Math.floor(i / keys), i % keys];
    return key <= query && !isValue(key, transition) ? 0 : HIDDEN;
  });
  return tf.tensor2d(entries, [tokens, keys]);
}
