import type { Engine } from "@lowerbound/core";
import { createDecoder, type Decoder } from "../decode/decoder.js";
import { vocabularyOf } from "../model/architecture.js";
import type { FittedModel } from "../planning/fitted.js";
import { checkReading, goalOf, longestContext } from "../planning/planning-model.js";
import type { Filters, TokenModel } from "../planning/transitions.js";

export interface ReadingOptions {
  /** What tokens are drawn from; where a kind is left out, from all of them. */
  readonly filters?: Partial<Filters>;
  /** Longest context, in transitions, the present one included; the model's own if left out. */
  readonly contextTransitions?: number;
  /** Whether episodes can end: if not, the end's probability goes to the other tokens. Default: they can. */
  readonly ends?: boolean;
  /** An observation to lead to [observation]: for a model that was trained with goals, and only for one. */
  readonly goal?: Float32Array | undefined;
}

/**
 * A fitted model of trajectories, to be rolled out; close its decoder when done.
 *
 * @throws ConfigError for filters out of range, a context longer than the model's, or a goal where there should be none or
 * none where there should be one
 */
export function openTokenModel(engine: Engine, fitted: FittedModel, options: ReadingOptions = {}): TokenModel {
  const { filters = {}, contextTransitions = longestContext(fitted), ends = true } = options;
  const reading = { filters: { observation: {}, action: {}, reward: {}, ...filters }, contextTransitions };
  checkReading(fitted, reading, "roll-out");
  const goal = goalOf(fitted, options.goal);
  const decoder = createDecoder(engine, fitted.architecture, fitted.weights);
  const { discretiser, sizes } = fitted;
  return { decoder: ends ? decoder : endless(decoder), discretiser, sizes, ...reading, goal };
}

/** The density given that no episode ends. */
function endless(decoder: Decoder): Decoder {
  const { shape } = decoder;
  if (!shape.terminates) return decoder;
  const tokens = vocabularyOf(shape);
  const without = (logits: Float32Array): Float32Array => {
    for (let end = shape.bins; end < logits.length; end += tokens) logits[end] = -Infinity;
    return logits;
  };
  return {
    ...decoder,
    encode: async (...of) => {
      const { segment, logits } = await decoder.encode(...of);
      return { segment, logits: without(logits) };
    },
    continueFrom: (from) => {
      const run = decoder.continueFrom(from);
      return { ...run, feed: async (...of) => without(await run.feed(...of)) };
    },
  };
}
