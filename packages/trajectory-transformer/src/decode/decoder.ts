import type { Engine, HostTensors } from "@lowerbound/core";
import { createLstmDecoder } from "../lstm/decoder.js";
import type { TokenShape } from "../model/architecture.js";
import { type AnyNetwork, isLstm, isOwn } from "../model/networks.js";
import type { Piece, Segment } from "./segments.js";
import { createGptDecoder } from "./transformer.js";
import { createUncachedDecoder } from "./uncached.js";

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
  readonly shape: TokenShape;
  /** tokens [rows, length]; positions from 0. @throws ConfigError if it is longer than the model's context */
  encode(tokens: Int32Array, rows: number): Promise<Encoded>;
  continueFrom(from: Continuing): Continuation;
  close(): Promise<void>;
}

/** @throws ConfigError if `weights` lack one of the network's tensors */
export function createDecoder(engine: Engine, shape: AnyNetwork, weights: HostTensors): Decoder {
  if (isOwn(shape)) return createUncachedDecoder(engine, shape, weights);
  return isLstm(shape) ? createLstmDecoder(engine, shape, weights) : createGptDecoder(engine, shape, weights);
}
