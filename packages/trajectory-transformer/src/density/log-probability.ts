import { ConfigError } from "@lowerbound/core";
import type { Decoder } from "../decode/decoder.js";
import { isValue, vocabularyOf } from "../model/architecture.js";
import type { TransitionSizes } from "../planning/tokens.js";
import { logProbabilities } from "../search/filters.js";

/**
 * log P(token | all before it) of each token of sequences [rows, length], in nats: [rows, length].
 *
 * The first token has nothing before it and counts as 0, so sums are log-probabilities given the first token.
 * @throws ConfigError for sequences longer than the model's context, or of unequal lengths
 */
export async function tokenLogProbabilities(decoder: Decoder, tokens: Int32Array, rows: number): Promise<Float64Array> {
  const { transition } = decoder.shape;
  const vocabulary = vocabularyOf(decoder.shape);
  const length = tokens.length / rows;
  if (!Number.isInteger(length) || length < 1) {
    throw new ConfigError(`${tokens.length} tokens for ${rows} sequences`, {
      where: "density.tokens",
      expected: "as many of each, one at least",
    });
  }
  const found = new Float64Array(tokens.length);
  const past = Array.from({ length: rows }, () => []);
  const run = decoder.continueFrom({ prefix: undefined, past, last: undefined, samples: 1, own: length });
  const column = (position: number) => Int32Array.from(past, (_, row) => tokens[row * length + position]!);
  for (let position = 0; position < length - 1; position++) {
    const logits = await run.feed(column(position), position, isValue(position, transition));
    const of = logProbabilities(logits, vocabulary, column(position + 1));
    of.forEach((value, row) => {
      found[row * length + position + 1] = value;
    });
  }
  return found;
}

/**
 * log P_beta(action | what came before) of each transition, in nats: of tokens' log-probabilities [rows, length], sums
 * over the action's entries [rows, transitions], whole transitions only.
 */
export function actionLogProbabilities(
  logs: Float64Array,
  rows: number,
  { observation, action }: TransitionSizes,
): Float64Array {
  const width = observation + action + 2;
  const length = logs.length / rows;
  const transitions = Math.floor(length / width);
  return Float64Array.from({ length: rows * transitions }, (_, i) => {
    const from = Math.floor(i / transitions) * length + (i % transitions) * width + observation;
    return logs.subarray(from, from + action).reduce((sum, log) => sum + log, 0);
  });
}
