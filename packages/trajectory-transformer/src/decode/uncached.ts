import { type Engine, type HostTensors, int32, scoped, type TensorProgram, unscoped } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { checkToken } from "../discretise/discretiser.js";
import { isValue, vocabularyOf } from "../model/architecture.js";
import { paddedLength } from "../model/network.js";
import type { OwnNetwork } from "../model/networks.js";
import type { Continuation, Continuing, Decoder, Encoded } from "./decoder.js";
import { seenPositions } from "./encode.js";
import { floats, openPrograms, type Programs, sizeFor } from "./programs.js";
import { type Piece, reorderRows, type Segment } from "./segments.js";
import { tooLong } from "./tokens.js";

/** Sequences that are read at once. */
const ROWS = 128;

/**
 * A decoder of a model of which nothing but its logits is known: the whole context is read again at every token.
 *
 * The last bin stands in the place of every value but the one just read, as in contexts whose values are not known.
 */
export function createUncachedDecoder(engine: Engine, shape: OwnNetwork, weights: HostTensors): Decoder {
  const programs = openPrograms(engine, scoped("model", weights));
  const machine: Machine = { ...programs, shape };
  return {
    shape,
    encode: (tokens, rows) => encode(machine, tokens, rows),
    continueFrom: (from) => continuation(machine, from),
    close: programs.close,
  };
}

interface Machine extends Programs {
  readonly shape: OwnNetwork;
}

/**
 * Whole contexts: `tokens` int32 [rows, length] and `at` int32 [1] -> `logits` [rows, vocabulary] of what follows position `at`.
 *
 * What stands beyond the position is arbitrary: no model looks ahead.
 */
const contextProgram = ({ parameters, ...model }: OwnNetwork, rows: number, length: number): TensorProgram => ({
  name: "decode-uncached",
  state: scoped("model", parameters),
  inputs: { tokens: int32(rows, length), at: int32(1) },
  noise: {},
  fn: (tensors) => {
    const logits = model.logits(tensors.tokens!, unscoped("model", tensors));
    return { logits: tf.squeeze(tf.gather(logits, tensors.at!, 1), [1]) };
  },
});

/** Logits [rows, vocabulary] of what follows contexts [rows][tokens], all of the same length. */
async function logitsOf({ shape, state, program }: Machine, contexts: readonly Int32Array[]): Promise<Float32Array> {
  const last = contexts[0]!.length - 1;
  const vocabulary = vocabularyOf(shape);
  const length = Math.min(paddedLength(last + 1, shape), shape.positions);
  const block = Math.min(sizeFor(contexts.length), ROWS);
  const compiled = await program(`${block} ${length}`, () => contextProgram(shape, block, length));
  const logits = new Float32Array(contexts.length * vocabulary);
  for (let from = 0; from < contexts.length; from += block) {
    const tokens = new Int32Array(block * length);
    const present = contexts.slice(from, from + block);
    present.forEach((context, row) => {
      tokens.set(context, row * length);
    });
    const found = floats((await compiled.run(state, { tokens, at: Int32Array.of(last) })).logits!.data);
    logits.set(found.subarray(0, present.length * vocabulary), from * vocabulary);
  }
  return logits;
}

async function encode(machine: Machine, tokens: Int32Array, rows: number): Promise<Encoded> {
  const { shape } = machine;
  const length = tokens.length / rows;
  if (length > shape.positions) throw tooLong(`the context has ${length} tokens`, shape);
  const seen = seenPositions(length, shape.transition);
  const segment = segmentOf(rows, seen.length);
  for (let row = 0; row < rows; row++) {
    seen.forEach((position, i) => {
      segment.keys[0]![row * seen.length + i] = checked(tokens[row * length + position]!, shape);
    });
  }
  const contexts = Array.from({ length: rows }, (_, row) => {
    const last = checked(tokens[(row + 1) * length - 1]!, shape);
    return contextOf([{ segment, row }], { length, last }, shape);
  });
  return { segment, logits: await logitsOf(machine, contexts) };
}

function continuation(machine: Machine, from: Continuing): Continuation {
  const { shape } = machine;
  const { past, samples, own } = from;
  const nodes = sizeFor(past.length);
  const rows = past.length * samples;
  const grown = segmentOf(nodes * samples, own);
  const before = past.map((_, node) => piecesOf(from, node));
  const contextOfRow = (row: number, end: ContextEnd): Int32Array =>
    contextOf([...before[Math.floor(row / samples)]!, { segment: grown, row }], end, shape);
  let count = 0;
  return {
    nodes,
    grown,
    feed: async (tokens, position, hidden = false) => {
      if (position >= shape.positions) throw tooLong(`a token stands at position ${position}`, shape);
      const read = Int32Array.from({ length: rows }, (_, row) => checked(tokens[row] ?? 0, shape));
      if (!hidden) {
        read.forEach((token, row) => {
          grown.keys[0]![row * own + count] = token;
        });
        count++;
      }
      const contexts = Array.from(read, (last, row) => contextOfRow(row, { length: position + 1, last }));
      return logitsOf(machine, contexts);
    },
    reorder: (parents) => reorderRows(grown, parents, 1),
  };
}

/** What a node goes on from. */
const piecesOf = ({ prefix, past, last }: Continuing, node: number): readonly Piece[] => [
  ...(prefix === undefined ? [] : [{ segment: prefix, row: 0 }]),
  ...past[node]!,
  ...(last === undefined ? [] : [last[node]!]),
];

const segmentOf = (rows: number, count: number): Segment => ({
  rows,
  count,
  keys: [new Float32Array(rows * count)],
  values: [],
});

/** How long a context is, and the token that it ends with. */
interface ContextEnd {
  readonly length: number;
  readonly last: number;
}

/** The tokens of a context: those that its pieces hold, the last bin in the place of each value, and its last one. */
function contextOf(
  pieces: readonly Piece[],
  { length, last }: ContextEnd,
  { transition, bins }: OwnNetwork,
): Int32Array {
  const seen = pieces.flatMap(({ segment: { keys, count }, row }) => [
    ...keys[0]!.subarray(row * count, (row + 1) * count),
  ]);
  let at = 0;
  const tokens = Int32Array.from({ length }, (_, i) => (isValue(i, transition) ? bins - 1 : seen[at++]!));
  tokens[length - 1] = last;
  return tokens;
}

function checked(token: number, shape: OwnNetwork): number {
  checkToken(token, vocabularyOf(shape) - 1);
  return token;
}
