import { type Params, scoped, unscoped } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { encodeTokens } from "../decode/encode.js";
import { stepToken } from "../decode/program.js";
import { type Architecture, isValue } from "../model/architecture.js";
import { HIDDEN } from "../model/attention.js";
import type { GraphModel } from "./parameters.js";

/** Sequences inside a graph: what was read at once and since then, token by token, and what follows. */
export interface Context {
  readonly rows: number;
  /** Positions that were read. */
  readonly length: number;
  /** Of what follows [rows, vocabulary]. */
  readonly logits: Tensor;
  /** Keys and values of each layer, `keys/l` and `values/l` [heads, rows, count, size]. */
  readonly first: Cache;
  readonly since: Cache;
}

interface Cache {
  readonly count: number;
  readonly tensors: Params;
}

/** Read the first tokens of sequences, within a transition: int32 [rows, length]. */
export function readFirst({ shape, params }: GraphModel, tokens: Tensor): Context {
  const [rows, length] = tokens.shape as [number, number];
  const places = tf.tensor2d(
    Int32Array.from({ length }, (_, place) => place * shape.bins),
    [1, length],
    "int32",
  );
  const { logits, ...rest } = encodeTokens(shape, rows, length, { ...params, token: tf.add(tokens, places) });
  const first = { count: length, tensors: unscoped("new", rest) };
  return { rows, length, logits: logits!, first, since: { count: 0, tensors: {} } };
}

/** Read another token int32 [rows]; a value's key is seen by none, itself included. */
export function readNext({ shape, params }: GraphModel, context: Context, token: Tensor): Context {
  const { rows, length, first, since } = context;
  const hidden = isValue(length, shape.transition);
  const sizes = { nodes: rows, samples: 1, prefix: 0, shared: [first.count], own: since.count };
  const { logits, ...rest } = stepToken(shape, sizes, {
    ...params,
    ...scoped("shared-0", first.tensors),
    ...scoped("own", since.tensors),
    token: embeddingRow(token, length % shape.transition, shape),
    position: tf.tensor1d([length], "int32"),
    head: tf.tensor1d([length % shape.transition], "int32"),
    mask: tf.tensor1d([...new Array<number>(since.count).fill(0), hidden ? HIDDEN : 0]),
  });
  return {
    ...context,
    length: length + 1,
    logits: logits!,
    since: hidden ? since : grown(since, unscoped("new", rest)),
  };
}

/** Row of the embedding table: each place has bins of its own, the end of episodes is the last row. */
function embeddingRow(token: Tensor, place: number, { bins, transition }: Architecture): Tensor {
  const own = tf.add(token, tf.scalar(place * bins, "int32"));
  return tf.where(tf.equal(token, tf.scalar(bins, "int32")), tf.fill(token.shape, bins * transition, "int32"), own);
}

/** Keys and values with a token's [heads, rows, size] at the end. */
function grown({ count, tensors }: Cache, added: Params): Cache {
  const joined = Object.entries(added).map(([name, token]) => {
    const last = tf.expandDims(token, 2);
    const before = tensors[name];
    return [name, before === undefined ? last : tf.concat([before, last], 2)] as const;
  });
  return { count: count + 1, tensors: Object.fromEntries(joined) };
}
