import { type Engine, float32, type HostTensors, int32, type TensorProgram } from "@lowerbound/core";
import { linear, lstmCell } from "@lowerbound/nn";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Continuation, Continuing, Decoder, Encoded } from "../decode/decoder.js";
import { logitsBy } from "../decode/network.js";
import { floats, openPrograms, type Programs, sizeFor } from "../decode/programs.js";
import { newSegment, type Piece, reorderRows, type Segment } from "../decode/segments.js";
import { embeddingRows, tooLong } from "../decode/tokens.js";
import { isValue, vocabularyOf } from "../model/architecture.js";
import { inputLayer } from "./network.js";
import { layerNames, lstmSpecs } from "./parameters.js";
import type { LstmShape } from "./shape.js";

/** A decoder of the LSTM: what it keeps of all that was read is one state a sequence. */
export function createLstmDecoder(engine: Engine, shape: LstmShape, weights: HostTensors): Decoder {
  const programs = openPrograms(engine, weights);
  return {
    shape,
    encode: (tokens, rows) => encode(programs, shape, tokens, rows),
    continueFrom: (from) => continuation(programs, shape, from),
    close: programs.close,
  };
}

/** Names of a layer's state in the program's inputs and outputs. */
const stateNames = (layer: number) => ({ hidden: `hidden/${layer}`, cell: `cell/${layer}` });

/**
 * One token a row: `token` int32 [rows], rows of the embedding table, `head` int32 [1], and each layer's state `hidden/l` and
 * `cell/l` [rows, width] -> `logits` [rows, vocabulary] and the states after it, `new/hidden/l` and `new/cell/l`.
 */
function stepProgram(shape: LstmShape, rows: number): TensorProgram {
  const layers = Array.from({ length: shape.layers }, (_, layer) => layer);
  const states = layers.flatMap((layer) =>
    Object.values(stateNames(layer)).map((name) => [name, float32(rows, shape.embedding)] as const),
  );
  return {
    name: "lstm-step",
    state: lstmSpecs(shape),
    inputs: { token: int32(rows), head: int32(1), ...Object.fromEntries(states) },
    noise: {},
    fn: (tensors) => {
      let x = tf.gather(tensors.tokens!, tensors.token!);
      const after: Record<string, Tensor> = {};
      for (const layer of layers) {
        const names = stateNames(layer);
        const recurrent = tf.matMul(tensors[names.hidden]!, tensors[layerNames(layer).recurrent]!);
        const gates = tf.add(linear(x, inputLayer(tensors, layer)), recurrent);
        const { hidden, cell } = lstmCell(gates, tensors[names.cell]!);
        x = hidden;
        Object.assign(after, { [`new/${names.hidden}`]: hidden, [`new/${names.cell}`]: cell });
      }
      return { logits: logitsBy(x, tensors.head!, tensors.heads!), ...after };
    },
  };
}

/** What follows a value, which is not read: `hidden` [rows, width] of the last layer, `head` int32 [1]. */
const headProgram = (shape: LstmShape, rows: number): TensorProgram => ({
  name: "lstm-head",
  state: { heads: lstmSpecs(shape).heads! },
  inputs: { hidden: float32(rows, shape.embedding), head: int32(1) },
  noise: {},
  fn: ({ hidden, head, heads }) => ({ logits: logitsBy(hidden!, head!, heads!) }),
});

function continuation({ state, program }: Programs, shape: LstmShape, from: Continuing): Continuation {
  const nodes = sizeFor(from.past.length);
  const rows = nodes * from.samples;
  const grown = startOf(shape, rows, from);
  const token = new Int32Array(rows);
  return {
    nodes,
    grown,
    feed: async (tokens, position, hidden = false) => {
      if (position >= shape.positions) throw tooLong(`a token stands at position ${position}`, shape);
      const head = Int32Array.of(position % shape.transition);
      if (hidden) {
        const compiled = await program(`head ${rows}`, () => headProgram(shape, rows));
        return floats((await compiled.run(state, { hidden: grown.keys.at(-1)!, head })).logits!.data);
      }
      const compiled = await program(`step ${rows}`, () => stepProgram(shape, rows));
      token.set(embeddingRows(shape, tokens, () => position));
      const found = await compiled.run(state, { token, head, ...statesOf(grown) });
      for (let layer = 0; layer < shape.layers; layer++) {
        const names = stateNames(layer);
        grown.keys[layer]!.set(floats(found[`new/${names.hidden}`]!.data));
        grown.values[layer]!.set(floats(found[`new/${names.cell}`]!.data));
      }
      return floats(found.logits!.data);
    },
    reorder: (parents) => reorderRows(grown, parents, 1),
  };
}

const statesOf = ({ keys, values }: Segment): Record<string, Float32Array> =>
  Object.fromEntries(
    keys.flatMap((hidden, layer) => {
      const names = stateNames(layer);
      return [
        [names.hidden, hidden],
        [names.cell, values[layer]!],
      ];
    }),
  );

/** The states that rows go on from: of each node the last that its past holds, or the prefix's, or zeros. */
function startOf({ layers, embedding }: LstmShape, rows: number, { prefix, past, last, samples }: Continuing): Segment {
  const start = newSegment({ layers, heads: 1, size: embedding }, rows, 1);
  past.forEach((pieces, node) => {
    const from: Piece | undefined = last?.[node] ?? pieces.at(-1) ?? (prefix && { segment: prefix, row: 0 });
    if (from === undefined) return;
    for (const kind of ["keys", "values"] as const) {
      from.segment[kind].forEach((data, layer) => {
        const row = data.subarray(from.row * embedding, (from.row + 1) * embedding);
        for (let i = 0; i < samples; i++) start[kind][layer]!.set(row, (node * samples + i) * embedding);
      });
    }
  });
  return start;
}

async function encode(programs: Programs, shape: LstmShape, tokens: Int32Array, rows: number): Promise<Encoded> {
  const length = tokens.length / rows;
  if (length > shape.positions) throw tooLong(`the context has ${length} tokens`, shape);
  const past = Array.from({ length: rows }, () => []);
  const run = continuation(programs, shape, { prefix: undefined, past, last: undefined, samples: 1, own: length });
  let logits: Float32Array = new Float32Array(0);
  for (let position = 0; position < length; position++) {
    const column = Int32Array.from(past, (_, row) => tokens[row * length + position]!);
    logits = await run.feed(column, position, isValue(position, shape.transition));
  }
  return { segment: run.grown, logits: logits.slice(0, rows * vocabularyOf(shape)) };
}
