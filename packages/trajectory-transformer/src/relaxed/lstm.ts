import type { Params } from "@lowerbound/core";
import { linear, lstmCell } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { inputLayer } from "../lstm/network.js";
import { layerNames } from "../lstm/parameters.js";
import type { LstmShape } from "../lstm/shape.js";
import { isValue } from "../model/architecture.js";
import { type Past, type SoftNetwork, softEmbedding, softLogits } from "./network.js";

/** The LSTM read token by token; values are not read: what follows one follows what was read before it. */
export const softLstm = (params: Params, shape: LstmShape): SoftNetwork => ({
  ...softEmbedding(params, shape),
  read: (past, embedded) => read(params, shape, past, embedded),
  logits: (states, place) => softLogits(states, params.heads!, place),
});

function read(params: Params, { layers, transition }: LstmShape, past: Past, embedded: Tensor) {
  const [rows, tokens, width] = embedded.shape as [number, number, number];
  const kept: Record<string, Tensor> = { ...past.kept };
  const found: Tensor[] = [];
  for (let token = 0; token < tokens; token++) {
    if (!isValue(past.positions + token, transition)) {
      let x: Tensor = tf.reshape(tf.slice(embedded, [0, token, 0], [rows, 1, width]), [rows, width]);
      for (let layer = 0; layer < layers; layer++) {
        const [hidden, cell] = [kept[`hidden/${layer}`], kept[`cell/${layer}`] ?? tf.zeros([rows, width])];
        const own = linear(x, inputLayer(params, layer));
        const before =
          hidden === undefined ? own : tf.add(own, tf.matMul(hidden, params[layerNames(layer).recurrent]!));
        const next = lstmCell(before, cell);
        x = next.hidden;
        kept[`hidden/${layer}`] = next.hidden;
        kept[`cell/${layer}`] = next.cell;
      }
    }
    found.push(kept[`hidden/${layers - 1}`]!);
  }
  return { past: { positions: past.positions + tokens, kept }, states: tf.stack(found, 1) };
}
