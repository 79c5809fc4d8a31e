import type { NoiseSpec, Params } from "@lowerbound/core";
import { type Layer, linear, lstm } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { keepAll, masksOf, siteName } from "../model/dropout.js";
import { type Drops, embeddedByPlace, paddedLength } from "../model/network.js";
import { layerNames } from "./parameters.js";
import type { LstmShape } from "./shape.js";

/** What turns a layer's inputs into its gates. */
export const inputLayer = (params: Params, layer: number): Layer => {
  const { weight, bias } = layerNames(layer);
  return { weight: params[weight]!, bias: params[bias]! };
};

/**
 * Logits of each next token by place [transition, batch * transitions, vocabulary]: an LSTM over tokens int32 [batch,
 * tokens], each place of a transition with an embedding and a head of its own.
 *
 * Values are not read: what follows one is predicted, by the head of its place, from what was read before it, as the
 * Transformer's queries see no value.
 */
export function lstmByPlace(tokens: Tensor, params: Params, shape: LstmShape, drops: Drops = () => keepAll): Tensor {
  const { layers, transition, embedding } = shape;
  const [batch, count] = tokens.shape as [number, number];
  const [transitions, read] = [paddedLength(count, shape) / transition, transition - 1];
  const time = transitions * read;
  const places = tf.slice(embeddedByPlace(tokens, params.tokens!, shape), [0, 0, 0], [read, -1, -1]);
  const ordered = tf.transpose(tf.reshape(places, [read, batch, transitions, embedding]), [2, 0, 1, 3]);
  let x = drops()(tf.reshape(ordered, [time, batch, embedding]), "embedding");
  for (let layer = 0; layer < layers; layer++) {
    const gates = linear(tf.reshape(x, [time * batch, embedding]), inputLayer(params, layer));
    const hidden = lstm(tf.reshape(gates, [time, batch, 4 * embedding]), params[layerNames(layer).recurrent]!);
    x = drops(layer)(hidden, "forward");
  }
  const found = tf.transpose(tf.reshape(x, [transitions, read, batch, embedding]), [1, 2, 0, 3]);
  const beforeValue = tf.slice(found, [read - 1, 0, 0, 0], [1, -1, -1, -1]);
  const rows = tf.reshape(tf.concat([found, beforeValue], 0), [transition, batch * transitions, embedding]);
  return tf.matMul(rows, params.heads!, false, true);
}

/** Masks of the embedding and of what each layer puts out. */
export function lstmNoise(shape: LstmShape, batch: number, tokens: number, probability: number): NoiseSpec {
  const { layers, transition, embedding } = shape;
  const time = (paddedLength(tokens, shape) / transition) * (transition - 1);
  const sites = [siteName("embedding"), ...Array.from({ length: layers }, (_, layer) => siteName("forward", layer))];
  return masksOf(Object.fromEntries(sites.map((site) => [site, [time, batch, embedding]])), probability);
}
