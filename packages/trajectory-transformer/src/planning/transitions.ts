import type { PlanningState } from "@lowerbound/core";
import type { Decoder } from "../decode/decoder.js";
import { extended, type Piece, type Segment } from "../decode/segments.js";
import { type Discretiser, expectation } from "../discretise/discretiser.js";
import { vocabularyOf } from "../model/architecture.js";
import type { Asked, DrawTokens } from "../search/draw.js";
import { filtered, logProbabilities, softmax, type TokenFilter } from "../search/filters.js";
import { prefixTokens, type TransitionSizes, tokensOf } from "./tokens.js";

/** What tokens of each kind are drawn from. */
export interface Filters {
  readonly observation: TokenFilter;
  readonly action: TokenFilter;
  /** Of rewards and values. */
  readonly reward: TokenFilter;
}

/** A model of trajectories ready to be continued. */
export interface TokenModel {
  readonly decoder: Decoder;
  readonly discretiser: Discretiser;
  readonly sizes: TransitionSizes;
  readonly filters: Filters;
  /** Longest context, in transitions, the present one included: what is older is cut off. */
  readonly contextTransitions: number;
}

/** A sequence that has come to an observation. */
export interface TokenState {
  /** What all sequences of a search share; a context that was encoded again shares nothing. */
  readonly prefix: Segment | undefined;
  readonly past: readonly Piece[];
  /** The observation's own keys; those of the first one are in the prefix. */
  readonly last: Piece | undefined;
  /** Of the context, as the model reads it. */
  readonly tokens: Int32Array;
  /** Of the first action entry [vocabulary]. */
  readonly logits: Float32Array;
  /** Some token's probabilities were not numbers: what follows counts for nothing. */
  readonly broken: boolean;
}

/** A transition that follows a state. */
export interface TokenStep {
  readonly from: TokenState;
  /** Action, reward and value. */
  readonly tokens: Int32Array;
  /** log P_beta of the action's tokens, in nats, nothing filtered. */
  readonly logProbability: number;
  /** Expectations of the distributions, nothing filtered. */
  readonly reward: number;
  readonly value: number;
  readonly own: Piece;
}

/** Encode what a plan starts from. */
export async function begin(model: TokenModel, state: PlanningState): Promise<TokenState> {
  const { decoder, discretiser, sizes, contextTransitions } = model;
  const tokens = prefixTokens(discretiser, sizes, state, contextTransitions - 1);
  const { segment, logits } = await decoder.encode(tokens, 1);
  return { prefix: segment, past: [], last: undefined, tokens, logits, broken: false };
}

/**
 * Continuations of states, `samples` of each, states with as long a context and the same prefix: [states * samples], a
 * state's samples one after another.
 *
 * `draw` chooses action, reward and value tokens in this order; actions that are given are drawn by the caller.
 */
export async function act(
  { decoder, discretiser, sizes, filters }: TokenModel,
  states: readonly TokenState[],
  samples: number,
  draw: DrawTokens,
): Promise<readonly TokenStep[]> {
  const rows = states.length * samples;
  const tokens = vocabularyOf(decoder.shape);
  const run = decoder.continueFrom({
    prefix: states[0]!.prefix,
    past: states.map(({ past }) => past),
    last: states[0]!.last === undefined ? undefined : states.map(({ last }) => last!),
    samples,
    own: sizes.action + 1,
  });
  const chosen = new Int32Array(rows * (sizes.action + 2));
  const log = new Float64Array(rows);
  let position = states[0]!.tokens.length;
  let logits = repeated(states, samples);
  const choose = (asked: Omit<Asked, "rows">, filter: TokenFilter, column: number) => {
    const found = draw(filtered(logits, tokens, filter), { ...asked, rows });
    for (let row = 0; row < rows; row++) chosen[row * (sizes.action + 2) + column] = found[row]!;
    return found;
  };
  const feed = async (found: Int32Array) => {
    logits = (await run.feed(found, position++)).subarray(0, rows * tokens);
  };
  for (let dimension = 0; dimension < sizes.action; dimension++) {
    const found = choose({ kind: "action", dimension }, filters.action, dimension);
    const of = logProbabilities(logits, tokens, found);
    for (let row = 0; row < rows; row++) log[row]! += of[row]!;
    await feed(found);
  }
  const rewards = expected(logits, tokens, discretiser, sizes.observation + sizes.action);
  await feed(choose({ kind: "reward", dimension: 0 }, filters.reward, sizes.action));
  const values = expected(logits, tokens, discretiser, sizes.observation + sizes.action + 1);
  choose({ kind: "value", dimension: 0 }, filters.reward, sizes.action + 1);
  return Array.from({ length: rows }, (_, row): TokenStep => {
    const from = states[Math.floor(row / samples)]!;
    const node = Math.floor(row / samples);
    const lost = from.broken || Number.isNaN(log[row]!);
    return {
      from,
      tokens: chosen.slice(row * (sizes.action + 2), (row + 1) * (sizes.action + 2)),
      logProbability: log[row]!,
      reward: lost ? Number.NaN : rewards[row]!,
      value: values[row]!,
      own: { segment: run.grown, row: node * samples + (row % samples) },
    };
  });
}

/** First logits of each state, `samples` times [states * samples, tokens]. */
function repeated(states: readonly TokenState[], samples: number): Float32Array {
  const tokens = states[0]!.logits.length;
  const logits = new Float32Array(states.length * samples * tokens);
  states.forEach((state, node) => {
    for (let i = 0; i < samples; i++) logits.set(state.logits, (node * samples + i) * tokens);
  });
  return logits;
}

/** Expected values of one column under each row of logits; the termination token counts as 0. */
function expected(logits: Float32Array, tokens: number, discretiser: Discretiser, column: number): Float64Array {
  const probabilities = softmax(logits, tokens);
  return expectation(discretiser, probabilities, tokens, { from: column, count: 1 });
}

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
  const broken = steps.map(({ from, reward }) => from.broken || Number.isNaN(reward));
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
      if (Number.isNaN(probabilities[row * tokens]!)) broken[row] = true;
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
  { decoder, sizes, contextTransitions }: TokenModel,
  steps: readonly TokenStep[],
): Promise<CarriedOn> {
  const width = tokensOf(sizes);
  const whole = steps.map(({ from, tokens }) => Int32Array.of(...from.tokens, ...tokens));
  if (whole[0]!.length < contextTransitions * width) {
    const past = steps.map(({ from: { past: before, last }, own }) =>
      extended(before, last === undefined ? [own] : [last, own]),
    );
    return { prefix: steps[0]!.from.prefix, past, contexts: whole, logits: undefined };
  }
  const contexts = whole.map((tokens) => tokens.slice(tokens.length - (contextTransitions - 1) * width));
  const joined = new Int32Array(contexts.length * contexts[0]!.length);
  contexts.forEach((context, row) => {
    joined.set(context, row * context.length);
  });
  const { segment, logits } = await decoder.encode(joined, steps.length);
  return { prefix: undefined, past: steps.map((_, row) => [{ segment, row }]), contexts, logits };
}
