import {
  type CompiledProgram,
  ConfigError,
  type Engine,
  type HostTensors,
  type TensorProgram,
  type TensorState,
} from "@lowerbound/core";
import { checkToken } from "../discretise/discretiser.js";
import { type Architecture, vocabularyOf } from "../model/architecture.js";
import { HIDDEN } from "../model/attention.js";
import { parameterSpecs } from "../model/parameters.js";
import { encodeProgram, seenPositions } from "./encode.js";
import { cacheName, type StepSizes, stepProgram } from "./program.js";
import { createScratch, type Scratch } from "./scratch.js";
import {
  copyRows,
  newSegment,
  type Piece,
  reorderRows,
  type Segment,
  type SegmentSizes,
  writeToken,
} from "./segments.js";

/** Sequences encoded from their first token on. */
export interface Encoded {
  readonly segment: Segment;
  /** Of what follows [rows, vocabulary]. */
  readonly logits: Float32Array;
}

export interface Continuing {
  /** Keys that all rows share, of a segment of one row. */
  readonly prefix: Segment | undefined;
  /** Of each node, the pieces of its past, and apart from them the last one: [nodes][pieces]. */
  readonly past: readonly (readonly Piece[])[];
  /** Of each node; where given, read where it lies when its rows are in order. */
  readonly last: readonly Piece[] | undefined;
  readonly samples: number;
  /** Keys that the rows may add. */
  readonly own: number;
}

/** Sequences that go on token by token; one at a time in a decoder. */
export interface Continuation {
  /** Nodes, filled up to the size of a compiled program; rows are nodes * samples. */
  readonly nodes: number;
  /** Keys that the rows added [rows]. */
  readonly grown: Segment;
  /**
   * A token a row [rows or fewer] at a position -> logits of the next ones [rows, vocabulary], valid until the next token.
   *
   * A hidden token's key is seen by none, itself included.
   */
  feed(tokens: ArrayLike<number>, position: number, hidden?: boolean): Promise<Float32Array>;
  /** Row i goes on from what row `parents[i]` added. */
  reorder(parents: ArrayLike<number>): void;
}

/** Decoding of one model: its weights, and programs compiled as they are asked for. Calls must not overlap. */
export interface Decoder {
  readonly shape: Architecture;
  /** tokens [rows, length]; positions from 0. @throws ConfigError if it is longer than the model's context */
  encode(tokens: Int32Array, rows: number): Promise<Encoded>;
  continueFrom(from: Continuing): Continuation;
  close(): Promise<void>;
}

/** Rows that are encoded at once: more do not fit the cache. */
const ENCODED = 16;

/** @throws ConfigError if `weights` lack a tensor of {@link parameterSpecs} */
export function createDecoder(engine: Engine, shape: Architecture, weights: HostTensors): Decoder {
  const state: TensorState = new Map(Object.keys(parameterSpecs(shape)).map((name) => [name, weights[name]!]));
  const programs = new Map<string, Promise<CompiledProgram>>();
  const program = (name: string, make: () => TensorProgram): Promise<CompiledProgram> => {
    const found = programs.get(name) ?? engine.compile(make());
    programs.set(name, found);
    return found;
  };
  const sizes = { layers: shape.layers, heads: shape.heads, size: shape.embedding / shape.heads };
  const machine: Machine = { shape, sizes, state, program, scratch: createScratch(sizes) };
  return {
    shape,
    encode: (tokens, rows) => encode(machine, tokens, rows),
    continueFrom: (from) => continuation(machine, from),
    close: async () => {
      for (const each of programs.values()) await (await each).dispose();
      programs.clear();
    },
  };
}

interface Machine {
  readonly shape: Architecture;
  readonly sizes: SegmentSizes;
  readonly state: TensorState;
  readonly program: (name: string, make: () => TensorProgram) => Promise<CompiledProgram>;
  readonly scratch: Scratch;
}

async function encode({ shape, sizes, state, program }: Machine, tokens: Int32Array, rows: number): Promise<Encoded> {
  const length = tokens.length / rows;
  if (length > shape.positions) throw tooLong(`the context has ${length} tokens`, shape);
  const vocabulary = vocabularyOf(shape);
  const block = Math.min(ENCODED, sizeFor(rows));
  const compiled = await program(`encode ${block} ${length}`, () => encodeProgram(shape, block, length));
  const embedded = embeddingRows(shape, tokens, (i) => i % length);
  const segment = newSegment(sizes, rows, seenPositions(length, shape.transition).length);
  const logits = new Float32Array(rows * vocabulary);
  const token = new Int32Array(block * length);
  for (let from = 0; from < rows; from += block) {
    const present = Math.min(block, rows - from);
    token.set(embedded.subarray(from * length, (from + present) * length));
    const found = await compiled.run(state, { token });
    logits.set(floats(found.logits!.data).subarray(0, present * vocabulary), from * vocabulary);
    for (let layer = 0; layer < shape.layers; layer++) {
      for (const kind of ["keys", "values"] as const) {
        const source = floats(found[cacheName("new", kind, layer)]!.data);
        copyRows(segment[kind][layer]!, source, { heads: sizes.heads, rows, block, from, present });
      }
    }
  }
  return { segment, logits };
}

const tooLong = (what: string, { positions }: Architecture): ConfigError =>
  new ConfigError(what, {
    where: "sequence.context",
    expected: `at most ${positions} tokens, as the model was trained with`,
  });

function continuation(machine: Machine, from: Continuing): Continuation {
  const { shape, sizes, state, program, scratch } = machine;
  const nodes = sizeFor(from.past.length);
  const rows = nodes * from.samples;
  const shared = [
    scratch.past(from.past, nodes),
    ...(from.last === undefined ? [] : [scratch.last(from.last, nodes)]),
  ].filter(({ count }) => count > 0);
  const grown = newSegment(sizes, rows, from.own);
  const stepSizes: StepSizes = {
    nodes,
    samples: from.samples,
    prefix: from.prefix?.count ?? 0,
    shared: shared.map(({ count }) => count),
    own: from.own,
  };
  const name = `step ${nodes} ${from.samples} ${stepSizes.prefix} ${stepSizes.shared.join("+")} ${from.own}`;
  const cache = cacheInputs(from.prefix, shared, grown);
  const mask = new Float32Array(from.own + 1).fill(HIDDEN);
  const token = new Int32Array(rows);
  let count = 0;
  return {
    nodes,
    grown,
    feed: async (tokens, position, hidden = false) => {
      if (position >= shape.positions) throw tooLong(`a token stands at position ${position}`, shape);
      const compiled = await program(name, () => stepProgram(shape, stepSizes));
      token.set(embeddingRows(shape, tokens, () => position));
      mask[from.own] = hidden ? HIDDEN : 0;
      const at = { position: Int32Array.of(position), head: Int32Array.of(position % shape.transition) };
      const found = await compiled.run(state, { token, mask, ...at, ...cache });
      if (!hidden) {
        for (let layer = 0; layer < shape.layers; layer++) {
          const keys = floats(found[cacheName("new", "keys", layer)]!.data);
          const values = floats(found[cacheName("new", "values", layer)]!.data);
          writeToken(grown, count, layer, { keys, values }, sizes.size);
        }
        mask[count++] = 0;
      }
      return floats(found.logits!.data);
    },
    reorder: (parents) => reorderRows(grown, parents, sizes.heads),
  };
}

function cacheInputs(prefix: Segment | undefined, shared: readonly Segment[], own: Segment) {
  const inputs: Record<string, Float32Array> = {};
  const add = (part: string, segment: Segment) => {
    for (const kind of ["keys", "values"] as const) {
      segment[kind].forEach((data, layer) => {
        inputs[cacheName(part, kind, layer)] = data;
      });
    }
  };
  if (prefix !== undefined) add("prefix", prefix);
  shared.forEach((segment, i) => {
    add(`shared-${i}`, segment);
  });
  add("own", own);
  return inputs;
}

/** Powers of two, few of them: programs are compiled for each. */
function sizeFor(count: number): number {
  let power = 1;
  while (power < count) power *= 2;
  return power;
}

/** Rows of the embedding table: each place in a transition has bins of its own, the termination token is the last row. */
function embeddingRows(shape: Architecture, tokens: ArrayLike<number>, positionOf: (i: number) => number): Int32Array {
  const { bins, transition } = shape;
  return Int32Array.from(tokens, (token, i) => {
    checkToken(token, vocabularyOf(shape) - 1);
    return token === bins ? bins * transition : token + bins * (positionOf(i) % transition);
  });
}

const floats = (data: unknown): Float32Array => {
  if (data instanceof Float32Array) return data;
  throw new Error("decoding: expected float32");
};
