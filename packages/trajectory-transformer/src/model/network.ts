import type { Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Architecture, type TokenShape, vocabularyOf } from "./architecture.js";
import { attend, attentionMask } from "./attention.js";
import { type Dropout, keepAll } from "./dropout.js";
import { differentiableFeedForward } from "./feed-forward.js";
import { layerNorm } from "./layer-norm.js";
import { blockWeights, normOf } from "./weights.js";

/** Dropout of each block, and of the embedding. */
export type Drops = (block?: number) => Dropout;

/** What the network made of a batch. */
export interface Forward {
  /** [transition, batch * transitions, vocabulary]: one product for the heads of all places. */
  readonly byPlace: Tensor;
  /** Of attention in each block, before the softmax [batch, heads, length, length]. */
  readonly scores: readonly Tensor[];
}

/** Transitions that so many tokens begin, and the tokens of them whole. */
export function paddedLength(tokens: number, { transition }: Pick<Architecture, "transition">): number {
  return Math.ceil(tokens / transition) * transition;
}

/** Integers or numbers [batch, tokens] by place: [transition, batch * transitions], zeros where the last transition is cut. */
export function byPlace(values: Tensor, { transition }: Pick<Architecture, "transition">): Tensor {
  const [batch, tokens] = values.shape as [number, number];
  const length = paddedLength(tokens, { transition });
  const padded = tf.pad(values, [
    [0, 0],
    [0, length - tokens],
  ]);
  const places = tf.transpose(tf.reshape(padded, [batch, length / transition, transition]), [2, 0, 1]);
  return tf.reshape(places, [transition, (batch * length) / transition]);
}

/** The inverse of {@link byPlace} for rows of numbers: [transition, batch * transitions, n] -> [batch, tokens, n]. */
export function byPosition(rows: Tensor, batch: number, tokens: number): Tensor {
  const [transition, count, width] = rows.shape as [number, number, number];
  const length = (transition * count) / batch;
  const ordered = tf.transpose(tf.reshape(rows, [transition, batch, count / batch, width]), [1, 2, 0, 3]);
  return tf.slice(tf.reshape(ordered, [batch, length, width]), [0, 0, 0], [batch, tokens, width]);
}

/**
 * A causal transformer over tokens int32 [batch, tokens], each place of a transition with an embedding and a head of its
 * own; no query sees the position of a value.
 *
 * Works on whole transitions: what is missing of the last one is filled up, and nothing sees it.
 *
 * Source: Trajectory Transformer (Janner et al. 2021).
 */
export function forward(
  tokens: Tensor,
  params: Params,
  architecture: Architecture,
  drops: Drops = () => keepAll,
): Forward {
  const { layers, transition, embedding } = architecture;
  const [batch, count] = tokens.shape as [number, number];
  const length = paddedLength(count, architecture);
  const mask = attentionMask(length, transition);
  const scores: Tensor[] = [];
  let x = drops()(embed(tokens, params, architecture), "embedding");
  for (let block = 0; block < layers; block++) {
    const weights = blockWeights(params, block);
    const drop = drops(block);
    const seen = attend(x, weights, architecture, { mask, drop });
    scores.push(seen.scores);
    x = tf.add(x, drop(seen.found, "attention"));
    const onward = differentiableFeedForward(tf.reshape(x, [batch * length, embedding]), weights);
    x = tf.add(x, drop(tf.reshape(onward, [batch, length, embedding]), "forward"));
  }
  const places = tf.transpose(
    tf.reshape(layerNorm(x, normOf(params, "norm")), [batch, length / transition, transition, embedding]),
    [2, 0, 1, 3],
  );
  const rows = tf.reshape(places, [transition, (batch * length) / transition, embedding]);
  return { byPlace: tf.matMul(rows, params.heads!, false, true), scores };
}

/**
 * Embeddings of tokens by place [transition, batch * transitions, embedding]; a product with ones, whose gradient is a
 * product too.
 */
export function embeddedByPlace(tokens: Tensor, table: Tensor, shape: TokenShape): Tensor {
  const ones = tf.oneHot(tf.cast(byPlace(tokens, shape), "int32"), vocabularyOf(shape));
  return tf.matMul(tf.cast(ones, "float32"), tokenTables(table, shape));
}

/** Embeddings of tokens and positions [batch, length, embedding]. */
function embed(tokens: Tensor, params: Params, architecture: Architecture): Tensor {
  const { embedding } = architecture;
  const [batch, count] = tokens.shape as [number, number];
  const length = paddedLength(count, architecture);
  const found = embeddedByPlace(tokens, params.tokens!, architecture);
  const positions = tf.pad(tf.slice(params.positions!, [0, 0], [count, embedding]), [
    [0, length - count],
    [0, 0],
  ]);
  return tf.add(byPosition(found, batch, length), positions);
}

/** The table of each place [transition, vocabulary, embedding]; the end of an episode is the same row in all. */
export function tokenTables(table: Tensor, { transition, bins, terminates }: TokenShape): Tensor {
  const embedding = table.shape[1]!;
  const own = tf.reshape(tf.slice(table, [0, 0], [transition * bins, embedding]), [transition, bins, embedding]);
  if (!terminates) return own;
  const end = tf.reshape(tf.slice(table, [transition * bins, 0], [1, embedding]), [1, 1, embedding]);
  return tf.concat([own, tf.tile(end, [transition, 1, 1])], 1);
}
