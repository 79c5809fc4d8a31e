import { extended, type Piece, type Segment } from "../decode/segments.js";
import { vocabularyOf } from "../model/architecture.js";
import type { DrawTokens } from "../search/draw.js";
import { filtered } from "../search/filters.js";
import { cutContext, tokensOf } from "./tokens.js";
import { isEnd, type TokenModel, type TokenState, type TokenStep } from "./transitions.js";

/**
 * The observations that follow steps, all of as long a context and the same prefix.
 *
 * A context that has grown beyond the longest one loses its oldest transition. Positions are learnt and count from the
 * context's first token, so they shift, and the cache with them: it is encoded again.
 */
export async function observe(
  model: TokenModel,
  steps: readonly TokenStep[],
  draw: DrawTokens,
): Promise<readonly TokenState[]> {
  const { decoder, sizes, filters } = model;
  const tokens = vocabularyOf(decoder.shape);
  const { prefix, past, contexts, logits: first } = await carriedOn(model, steps);
  const own = sizes.observation;
  const run = decoder.continueFrom({ prefix, past, last: undefined, samples: 1, own });
  const chosen = new Int32Array(steps.length * own);
  const broken = steps.map(({ reward }) => Number.isNaN(reward));
  const ended = steps.map((step) => step.ended);
  let position = contexts[0]!.length;
  let logits =
    first ??
    (await run.feed(
      steps.map((step) => step.tokens.at(-1)!),
      position - 1,
      true,
    ));
  for (let dimension = 0; dimension < own; dimension++) {
    const probabilities = filtered(logits.subarray(0, steps.length * tokens), tokens, filters.observation);
    const found = draw(probabilities, { kind: "observation", dimension, rows: steps.length });
    for (let row = 0; row < steps.length; row++) {
      chosen[row * own + dimension] = found[row]!;
      if (!ended[row]! && Number.isNaN(probabilities[row * tokens]!)) broken[row] = true;
      if (!broken[row]! && isEnd(model, found[row]!)) ended[row] = true;
    }
    logits = await run.feed(found, position++);
  }
  return steps.map(
    (_, row): TokenState => ({
      prefix,
      past: past[row]!,
      last: { segment: run.grown, row },
      tokens: Int32Array.of(...contexts[row]!, ...chosen.subarray(row * own, (row + 1) * own)),
      logits: logits.slice(row * tokens, (row + 1) * tokens),
      broken: broken[row]!,
      ended: ended[row]!,
    }),
  );
}

interface CarriedOn {
  readonly prefix: Segment | undefined;
  readonly past: readonly (readonly Piece[])[];
  /** Tokens up to the value. */
  readonly contexts: readonly Int32Array[];
  /** Of what follows the value, where it is known already. */
  readonly logits: Float32Array | undefined;
}

async function carriedOn(
  { decoder, sizes, contextTransitions, goal }: TokenModel,
  steps: readonly TokenStep[],
): Promise<CarriedOn> {
  const reading = { goal: goal?.length ?? 0, width: tokensOf(sizes), transitions: contextTransitions };
  const whole = steps.map(({ from, tokens }) => Int32Array.of(...from.tokens, ...tokens));
  const contexts = whole.map((tokens) => cutContext(tokens, reading));
  if (contexts[0] === whole[0]) {
    const past = steps.map(({ from: { past: before, last }, own }) =>
      extended(before, last === undefined ? [own] : [last, own]),
    );
    return { prefix: steps[0]!.from.prefix, past, contexts: whole, logits: undefined };
  }
  const joined = new Int32Array(contexts.length * contexts[0]!.length);
  contexts.forEach((context, row) => {
    joined.set(context, row * context.length);
  });
  const { segment, logits } = await decoder.encode(joined, steps.length);
  return { prefix: undefined, past: steps.map((_, row) => [{ segment, row }]), contexts, logits };
}
