import { ConfigError, NumericalError } from "@lowerbound/core";
import type { Decoder } from "../decode/decoder.js";
import { isValue, vocabularyOf } from "../model/architecture.js";
import { logProbabilities } from "./filters.js";

export interface MostLikely {
  /** Prefix and what was added [tokens] of each kept sequence, best first. */
  readonly sequences: readonly Int32Array[];
  /** Log-probability of what was added, in nats. */
  readonly logProbabilities: readonly number[];
}

interface Kept {
  readonly tokens: Int32Array;
  readonly logProbability: number;
}

/**
 * Sequences of high probability by beam search: what the data would do next (imitation).
 *
 * Each round adds one token to every kept sequence in all ways and keeps the `beamWidth` most likely ones.
 * Source: Trajectory Transformer (Janner et al. 2021), section 3.1 (beam search as in language models).
 * @throws ConfigError for no tokens to add, or more than the model's context holds; NumericalError for logits that are
 * not finite
 */
export async function mostLikely(
  decoder: Decoder,
  prefix: Int32Array,
  { tokens: count, beamWidth }: { readonly tokens: number; readonly beamWidth: number },
): Promise<MostLikely> {
  const { transition, positions } = decoder.shape;
  if (!(Number.isInteger(count) && count > 0 && prefix.length + count - 1 <= positions)) {
    throw new ConfigError(`${count} tokens after ${prefix.length}`, {
      where: "search.tokens",
      expected: `at least 1, and at most ${positions + 1} with those before`,
    });
  }
  const { segment, logits: first } = await decoder.encode(prefix, 1);
  const past = Array.from({ length: beamWidth }, () => []);
  const run = decoder.continueFrom({ prefix: segment, past, last: undefined, samples: 1, own: count });
  let beams: readonly Kept[] = [{ tokens: prefix, logProbability: 0 }];
  let logits = first;
  for (let added = 0; added < count; added++) {
    const next = best(beams, logits, vocabularyOf(decoder.shape), beamWidth);
    run.reorder(next.map(({ parent }) => parent));
    beams = next.map(({ parent, token, logProbability }) => ({
      tokens: Int32Array.of(...beams[parent]!.tokens, token),
      logProbability,
    }));
    if (added === count - 1) break;
    const position = prefix.length + added;
    const tokens = next.map(({ token }) => token);
    logits = await run.feed(tokens, position, isValue(position, transition));
  }
  return {
    sequences: beams.map(({ tokens }) => tokens),
    logProbabilities: beams.map(({ logProbability }) => logProbability),
  };
}

interface Candidate {
  readonly parent: number;
  readonly token: number;
  readonly logProbability: number;
}

/** All beams with all tokens; logits [beams or more, vocabulary]. */
function best(beams: readonly Kept[], logits: Float32Array, vocabulary: number, width: number): readonly Candidate[] {
  const candidates = beams.flatMap(({ logProbability }, parent) => {
    const row = logits.subarray(parent * vocabulary, (parent + 1) * vocabulary);
    const normaliser = logProbabilities(row, vocabulary, [0])[0]! - row[0]!;
    return Array.from(
      row,
      (logit, token): Candidate => ({
        parent,
        token,
        logProbability: logProbability + logit + normaliser,
      }),
    );
  });
  const finite = candidates.filter(({ logProbability }) => Number.isFinite(logProbability));
  if (finite.length === 0) {
    throw new NumericalError("no continuation has a finite log-probability", {
      where: "search",
      remedy: "check the model's tensors and its training loss",
    });
  }
  return finite.sort((a, b) => b.logProbability - a.logProbability).slice(0, width);
}
