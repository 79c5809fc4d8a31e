import type { Params } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type TokenShape, vocabularyOf } from "../model/architecture.js";
import { tokenTables } from "../model/network.js";

/** What a network has read inside a graph: positions, and what it keeps of them, an entry a row on the first axis. */
export interface Past {
  readonly positions: number;
  readonly kept: Params;
}

/** Nothing read yet. */
export const NOTHING: Past = { positions: 0, kept: {} };

/** A network that reads tokens by their weights, inside a graph and with gradients: what relaxed plans ask of a model. */
export interface SoftNetwork {
  readonly vocabulary: number;
  /** Rows of the embedding table int32 [tokens] -> [1, tokens, embedding]. */
  known(rows: Tensor): Tensor;
  /** Means of embeddings under weights [rows, tokens, vocabulary], the first token at `place` of its transition. */
  embed(weights: Tensor, place: number): Tensor;
  /** Read embedded tokens [rows, tokens, embedding] after the past, values hidden -> states of the same shape. */
  read(past: Past, embedded: Tensor): { readonly past: Past; readonly states: Tensor };
  /** Logits [rows, tokens, vocabulary] of what follows tokens, the first of them at `place` of its transition. */
  logits(states: Tensor, place: number): Tensor;
}

/** Embeddings of tokens, known ones and soft ones: of any network. */
export function softEmbedding(params: Params, shape: TokenShape): Pick<SoftNetwork, "vocabulary" | "known" | "embed"> {
  const vocabulary = vocabularyOf(shape);
  const tables = tokenTables(params.tokens!, shape);
  const known = (rows: Tensor): Tensor => tf.expandDims(tf.gather(params.tokens!, rows), 0);
  const embed = (weights: Tensor, place: number): Tensor =>
    byRow(tf.matMul(byRow(weights), tf.slice(tables, [place, 0, 0], [weights.shape[1]!, -1, -1])));
  return { vocabulary, known, embed };
}

/** Logits of the heads [transition, vocabulary, width] from `place` on, of states [rows, tokens, width]. */
export const softLogits = (states: Tensor, heads: Tensor, place: number): Tensor =>
  byRow(tf.matMul(byRow(states), tf.slice(heads, [place, 0, 0], [states.shape[1]!, -1, -1]), false, true));

/** [rows, tokens, n] -> [tokens, rows, n], and back: a product a place. */
const byRow = (x: Tensor): Tensor => tf.transpose(x, [1, 0, 2]);
