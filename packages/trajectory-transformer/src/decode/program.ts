import { float32, int32, type Params, type Specs, type TensorProgram } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "../model/architecture.js";
import { feedForward } from "../model/feed-forward.js";
import { layerNorm } from "../model/layer-norm.js";
import { parameterSpecs } from "../model/parameters.js";
import { blockWeights } from "../model/weights.js";
import { embed, headOf, join, queryKeyValue } from "./network.js";

/** Sizes of one decoding step. */
export interface StepSizes {
  /** Sequences whose past is read, and continuations of each: rows = nodes * samples. */
  readonly nodes: number;
  readonly samples: number;
  /** Keys of the prefix that all rows share; 0 for none. */
  readonly prefix: number;
  /** Keys of each array that all samples of a node share. */
  readonly shared: readonly number[];
  /** Keys that each row can hold of its own. */
  readonly own: number;
}

/** Names of a layer's cached keys or values in the program's inputs. */
export const cacheName = (part: string, kind: "keys" | "values", layer: number): string => `${part}/${kind}/${layer}`;

/**
 * One token a row after its cached context.
 *
 * Inputs: `token` int32 [rows], rows of the embedding table; `position` and `head` int32 [1]; `mask` [own + 1], what is
 * added to the scores of a row's own keys and of the token itself; and for each layer the cached keys and values:
 * `prefix` [heads, prefix, size], `shared-i` [heads, nodes, shared[i], size], `own` [heads, rows, own, size]. Outputs:
 * `logits` [rows, vocabulary] and the token's own rows of each layer, `new/keys/l` and `new/values/l` [heads, rows, size].
 *
 * One softmax runs over all of them. The prefix is one matrix for all rows, and what samples share is stored once a node:
 * a step reads the cache once and writes nothing back but its own rows.
 */
export function stepProgram(shape: Architecture, sizes: StepSizes): TensorProgram {
  const rows = sizes.nodes * sizes.samples;
  return {
    name: "decode-step",
    state: parameterSpecs(shape),
    inputs: {
      token: int32(rows),
      position: int32(1),
      head: int32(1),
      mask: float32(sizes.own + 1),
      ...cacheSpecs(shape, sizes),
    },
    noise: {},
    fn: (tensors) => stepToken(shape, sizes, tensors),
  };
}

function cacheSpecs({ layers, heads, embedding }: Architecture, sizes: StepSizes): Specs {
  const size = embedding / heads;
  const rows = sizes.nodes * sizes.samples;
  const specs: Record<string, Specs[string]> = {};
  for (let layer = 0; layer < layers; layer++) {
    for (const kind of ["keys", "values"] as const) {
      if (sizes.prefix > 0) specs[cacheName("prefix", kind, layer)] = float32(heads, sizes.prefix, size);
      sizes.shared.forEach((count, i) => {
        specs[cacheName(`shared-${i}`, kind, layer)] = float32(heads, sizes.nodes, count, size);
      });
      if (sizes.own > 0) specs[cacheName("own", kind, layer)] = float32(heads, rows, sizes.own, size);
    }
  }
  return specs;
}

/** What {@link stepProgram} computes, for other programs to go on with; where rows hold no keys of their own, `own` is left out. */
export function stepToken(shape: Architecture, sizes: StepSizes, tensors: Params): Record<string, Tensor> {
  const grown: Record<string, Tensor> = {};
  let x = embed(tensors.token!, tensors.position!, tensors);
  for (let layer = 0; layer < shape.layers; layer++) {
    const weights = blockWeights(tensors, layer);
    const [query, key, value] = queryKeyValue(layerNorm(x, weights.attentionNorm), weights, shape);
    const cached = (part: string): Cached => ({
      keys: tensors[cacheName(part, "keys", layer)]!,
      values: tensors[cacheName(part, "values", layer)]!,
    });
    const parts = partsOf(sizes, query, cached, { key, value });
    x = tf.add(x, join(attend(parts, tensors.mask!), weights, shape));
    x = tf.add(x, feedForward(x, weights));
    grown[cacheName("new", "keys", layer)] = key;
    grown[cacheName("new", "values", layer)] = value;
  }
  return { logits: headOf(x, tensors.head!, tensors), ...grown };
}

interface Cached {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** One part of what a query attends to: its scores, and the values' mean under weights of these scores' shape. */
interface Part {
  /** [heads, rows, count] */
  readonly scores: Tensor;
  /** weights [heads, rows, count] -> [heads, rows, size] */
  mix(weights: Tensor): Tensor;
  /** Some of these keys may be hidden. */
  readonly masked: boolean;
}

/** query, key and value [heads, rows, size]. */
function partsOf(
  { nodes, samples, prefix, shared, own: count }: StepSizes,
  query: Tensor,
  cached: (part: string) => Cached,
  self: { readonly key: Tensor; readonly value: Tensor },
): readonly Part[] {
  const [heads, rows, size] = query.shape as [number, number, number];
  const common = prefix === 0 ? [] : [prefixPart(query, cached("prefix"))];
  const perNode = shared.map((count, i) => {
    const { keys, values } = cached(`shared-${i}`);
    const spread = (x: Tensor) => (samples === 1 ? x : tf.reshape(x, [heads, nodes, 1, count, size]));
    const grouped = samples === 1 ? [heads, nodes, 1] : [heads, nodes, samples, 1];
    return rowPart(query, { keys: spread(keys), values: spread(values) }, grouped, count, false);
  });
  const own = count === 0 ? [] : [rowPart(query, cached("own"), [heads, rows, 1], count, true)];
  const itself: Part = {
    scores: tf.sum(tf.mul(query, self.key), -1, true),
    mix: (weights) => tf.mul(weights, self.value),
    masked: true,
  };
  return [...common, ...perNode, ...own, itself];
}

/** Keys [heads, count, size], the same for all rows: one product a head. */
const prefixPart = (query: Tensor, { keys, values }: Cached): Part => ({
  scores: tf.matMul(query, keys, false, true),
  mix: (weights) => tf.matMul(weights, values),
  masked: false,
});

/** Keys of each row: products of one row with its own matrix; `grouped` is the query's shape but for the last axis. */
function rowPart(query: Tensor, { keys, values }: Cached, grouped: number[], count: number, masked: boolean): Part {
  const [heads, rows, size] = query.shape as [number, number, number];
  const scores = tf.matMul(tf.reshape(query, [...grouped, size]), keys, false, true);
  return {
    scores: tf.reshape(scores, [heads, rows, count]),
    mix: (weights) => tf.reshape(tf.matMul(tf.reshape(weights, [...grouped, count]), values), [heads, rows, size]),
    masked,
  };
}

/** One softmax over all parts -> [heads, rows, size]; mask [own + 1] for the masked ones, which come last. */
function attend(parts: readonly Part[], mask: Tensor): Tensor {
  const open = parts.filter(({ masked }) => !masked).map(({ scores }) => scores);
  const hidden = tf.concat(
    parts.filter(({ masked }) => masked).map(({ scores }) => scores),
    -1,
  );
  const weights = tf.softmax(tf.concat([...open, tf.add(hidden, mask)], -1), -1);
  const counts = parts.map(({ scores }) => scores.shape[2]!);
  const pieces = tf.split(weights, counts, -1);
  return parts.map(({ mix }, i) => mix(pieces[i]!)).reduce((sum, next) => tf.add(sum, next));
}
