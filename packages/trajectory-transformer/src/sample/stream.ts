import type { Continuation, Decoder } from "../decode/decoder.js";
import type { Piece } from "../decode/segments.js";
import { isValue, vocabularyOf } from "../model/architecture.js";
import { cutContext } from "../planning/tokens.js";

/** Sequences of the same length that grow token by token, all at once. */
export interface TokenStream {
  /** Of the next tokens [rows, vocabulary]; valid until {@link feed} is called. */
  logits(): Float32Array;
  /** A token a row. */
  feed(tokens: Int32Array): Promise<void>;
}

export interface StreamOptions {
  /** What sequences start from [starts][tokens], all of the same length, up to an observation. */
  readonly starts: readonly Int32Array[];
  /** Sequences of each start, one after another. */
  readonly samples: number;
  /** Longest context, in transitions, the present one included. */
  readonly contextTransitions: number;
  /** Tokens of the goal that starts begin with. */
  readonly goal: number;
}

/**
 * Read what sequences start from; starts are read once, however many samples go on from them.
 *
 * A context that holds as many whole transitions as it may loses its oldest one. Positions are learnt and count from
 * the context's first token, so they shift, and the cache with them: it is encoded again.
 */
export async function openStream(decoder: Decoder, options: StreamOptions): Promise<TokenStream> {
  const { starts, samples, contextTransitions, goal } = options;
  const { transition } = decoder.shape;
  const rows = starts.length * samples;
  const vocabulary = vocabularyOf(decoder.shape);
  const longest = goal + contextTransitions * transition;
  const room = new Int32Array(rows * longest);
  let length = starts[0]!.length;
  for (let row = 0; row < rows; row++) room.set(starts[Math.floor(row / samples)]!, row * longest);

  const opened = await open(decoder, joined(starts), starts.length, { samples, own: longest - length });
  let run = opened.run;
  let logits = repeated(opened.logits, starts.length, samples);

  const cut = async (): Promise<void> => {
    length = longest - transition;
    const reading = { goal, width: transition, transitions: contextTransitions };
    const kept = Array.from({ length: rows }, (_, row) =>
      cutContext(room.subarray(row * longest, (row + 1) * longest), reading),
    );
    kept.forEach((tokens, row) => {
      room.set(tokens, row * longest);
    });
    const again = await open(decoder, joined(kept), rows, { samples: 1, own: transition - 1 });
    run = again.run;
    logits = again.logits;
  };
  return {
    logits: () => logits,
    feed: async (tokens) => {
      const position = length++;
      for (let row = 0; row < rows; row++) room[row * longest + position] = tokens[row]!;
      if (length === longest) return cut();
      logits = (await run.feed(tokens, position, isValue(position, transition))).subarray(0, rows * vocabulary);
    },
  };
}

/** Encode contexts [rows, length], and what goes on from them. */
async function open(
  decoder: Decoder,
  tokens: Int32Array,
  rows: number,
  { samples, own }: { readonly samples: number; readonly own: number },
): Promise<{ readonly run: Continuation; readonly logits: Float32Array }> {
  const { segment, logits } = await decoder.encode(tokens, rows);
  const past = Array.from({ length: rows }, (_, row): readonly Piece[] => [{ segment, row }]);
  return { run: decoder.continueFrom({ prefix: undefined, past, last: undefined, samples, own }), logits };
}

function joined(sequences: readonly Int32Array[]): Int32Array {
  const length = sequences[0]!.length;
  const tokens = new Int32Array(sequences.length * length);
  sequences.forEach((sequence, row) => {
    tokens.set(sequence, row * length);
  });
  return tokens;
}

/** Rows [rows, width], each `times` times. */
function repeated(data: Float32Array, rows: number, times: number): Float32Array {
  if (times === 1) return data;
  const width = data.length / rows;
  const found = new Float32Array(data.length * times);
  for (let row = 0; row < rows * times; row++) {
    const from = Math.floor(row / times) * width;
    found.set(data.subarray(from, from + width), row * width);
  }
  return found;
}
