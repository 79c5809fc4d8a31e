import type { CompiledProgram, Engine, HostTensors } from "@lowerbound/core";
import { type Architecture, vocabularyOf } from "../model/architecture.js";
import { HIDDEN } from "../model/attention.js";
import type { Continuation, Continuing, Decoder, Encoded } from "./decoder.js";
import { encodeProgram, seenPositions } from "./encode.js";
import { cacheName, type StepSizes, stepProgram } from "./program.js";
import { floats, openPrograms, type Programs, sizeFor } from "./programs.js";
import { createScratch, type Scratch } from "./scratch.js";
import { copyRows, newSegment, reorderRows, type Segment, type SegmentSizes, writeToken } from "./segments.js";
import { embeddingRows, tooLong } from "./tokens.js";

/** Rows that are encoded at once: more do not fit the cache. */
const ENCODED = 16;

/** A decoder of the Transformer: keys and values of what was read are its cache. */
export function createGptDecoder(engine: Engine, shape: Architecture, weights: HostTensors): Decoder {
  const { state, program, close } = openPrograms(engine, weights);
  const sizes = { layers: shape.layers, heads: shape.heads, size: shape.embedding / shape.heads };
  const machine: Machine = { shape, sizes, state, program, scratch: createScratch(sizes) };
  return {
    shape,
    encode: (tokens, rows) => encode(machine, tokens, rows),
    continueFrom: (from) => continuation(machine, from),
    close,
  };
}

interface Machine extends Pick<Programs, "state" | "program"> {
  readonly shape: Architecture;
  readonly sizes: SegmentSizes;
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

function continuation(machine: Machine, from: Continuing): Continuation {
  const { shape, sizes, state, program, scratch } = machine;
  const nodes = sizeFor(from.past.length);
  const rows = nodes * from.samples;
  const shared = [
    scratch.past(from.past, nodes),
    ...(from.last === undefined ? [] : [scratch.last(from.last, nodes)]),
  ].filter(({ count }) => count > 0);
  const grown = newSegment(sizes, rows, from.own);
  const step = stepOf(from, nodes, shared);
  const cache = cacheInputs(from.prefix, shared, grown);
  const mask = new Float32Array(from.own + 1).fill(HIDDEN);
  const token = new Int32Array(rows);
  let count = 0;
  return {
    nodes,
    grown,
    feed: async (tokens, position, hidden = false) => {
      if (position >= shape.positions) throw tooLong(`a token stands at position ${position}`, shape);
      const compiled = await program(step.name, () => stepProgram(shape, step.sizes));
      token.set(embeddingRows(shape, tokens, () => position));
      mask[from.own] = hidden ? HIDDEN : 0;
      const at = { position: Int32Array.of(position), head: Int32Array.of(position % shape.transition) };
      const found = await compiled.run(state, { token, mask, ...at, ...cache });
      if (!hidden) {
        keepToken(grown, found, count, sizes);
        mask[count++] = 0;
      }
      return floats(found.logits!.data);
    },
    reorder: (parents) => reorderRows(grown, parents, sizes.heads),
  };
}

/** The program of one more token, and a name by which it is compiled once. */
function stepOf({ samples, prefix, own }: Continuing, nodes: number, shared: readonly Segment[]) {
  const sizes: StepSizes = {
    nodes,
    samples,
    prefix: prefix?.count ?? 0,
    shared: shared.map(({ count }) => count),
    own,
  };
  return { sizes, name: `step ${nodes} ${samples} ${sizes.prefix} ${sizes.shared.join("+")} ${own}` };
}

/** Keys and values of the token that was read stand at `at` of what the rows added. */
function keepToken(
  grown: Segment,
  found: Awaited<ReturnType<CompiledProgram["run"]>>,
  at: number,
  sizes: SegmentSizes,
) {
  for (let layer = 0; layer < sizes.layers; layer++) {
    const keys = floats(found[cacheName("new", "keys", layer)]!.data);
    const values = floats(found[cacheName("new", "values", layer)]!.data);
    writeToken(grown, at, layer, { keys, values }, sizes.size);
  }
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
