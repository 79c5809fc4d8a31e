import type { PlanningState } from "@lowerbound/core";
import type { Decoder } from "../decode/decoder.js";
import type { Piece, Segment } from "../decode/segments.js";
import { type Discretiser, expectation } from "../discretise/discretiser.js";
import { vocabularyOf } from "../model/architecture.js";
import type { Asked, DrawTokens } from "../search/draw.js";
import { filtered, logProbabilities, softmax, type TokenFilter } from "../search/filters.js";
import { prefixTokens, type TransitionSizes } from "./tokens.js";

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
  /** Tokens of the goal, which stand before all others and are never cut off; none if left out. */
  readonly goal?: Int32Array | undefined;
  /** Go on after the token of the end as after any other, as the published search does; if left out, nothing follows it. */
  readonly pastEnds?: boolean;
}

/** Whether a token ends the episode. */
export const isEnd = ({ discretiser, pastEnds = false }: TokenModel, token: number): boolean =>
  token === discretiser.bins && !pastEnds;

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
  /** The token of the end was drawn, before any such: nothing follows. */
  readonly ended: boolean;
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
  /** The token of the end was drawn, in this step or before it: nothing follows. */
  readonly ended: boolean;
  readonly own: Piece;
}

/** Encode what a plan starts from. */
export async function begin(model: TokenModel, state: PlanningState): Promise<TokenState> {
  const { decoder, discretiser, sizes, contextTransitions, goal } = model;
  const tokens = prefixTokens(discretiser, sizes, state, contextTransitions - 1, goal);
  const { segment, logits } = await decoder.encode(tokens, 1);
  return { prefix: segment, past: [], last: undefined, tokens, logits, broken: false, ended: false };
}

/**
 * Continuations of states, `samples` of each, states with as long a context and the same prefix: [states * samples], a
 * state's samples one after another.
 *
 * `draw` chooses action, reward and value tokens in this order; actions that are given are drawn by the caller. Steps of a
 * state that has ended pay nothing, and their actions cost nothing.
 */
export async function act(
  model: TokenModel,
  states: readonly TokenState[],
  samples: number,
  draw: DrawTokens,
): Promise<readonly TokenStep[]> {
  const { sizes, filters } = model;
  const drawing = openDrawing(model, states, samples, draw);
  const log = new Float64Array(drawing.rows);
  for (let dimension = 0; dimension < sizes.action; dimension++) {
    const found = drawing.choose({ kind: "action", dimension }, filters.action, dimension);
    drawing.logProbabilities(found).forEach((of, row) => {
      log[row]! += of;
    });
    await drawing.feed(found);
  }
  const rewards = drawing.expected(sizes.observation + sizes.action);
  await drawing.feed(drawing.choose({ kind: "reward", dimension: 0 }, filters.reward, sizes.action));
  const values = drawing.expected(sizes.observation + sizes.action + 1);
  drawing.choose({ kind: "value", dimension: 0 }, filters.reward, sizes.action + 1);
  return Array.from(log, (logProbability, row): TokenStep => {
    const from = states[Math.floor(row / samples)]!;
    const step = { from, tokens: drawing.tokens(row), own: { segment: drawing.grown, row } };
    if (from.ended) return { ...step, logProbability: 0, reward: 0, value: 0, ended: true };
    const lost = from.broken || Number.isNaN(logProbability);
    const [reward, value] = [lost ? Number.NaN : rewards[row]!, values[row]!];
    const ended = !Number.isNaN(reward + value) && step.tokens.some((token) => isEnd(model, token));
    return { ...step, logProbability, reward, value, ended };
  });
}

/** Tokens of actions, rewards and values that are drawn one after another, in rows [states * samples]. */
function openDrawing(
  { decoder, discretiser, sizes }: TokenModel,
  states: readonly TokenState[],
  samples: number,
  draw: DrawTokens,
) {
  const [rows, width] = [states.length * samples, sizes.action + 2];
  const vocabulary = vocabularyOf(decoder.shape);
  const run = decoder.continueFrom({
    prefix: states[0]!.prefix,
    past: states.map(({ past }) => past),
    last: states[0]!.last === undefined ? undefined : states.map(({ last }) => last!),
    samples,
    own: sizes.action + 1,
  });
  const chosen = new Int32Array(rows * width);
  let position = states[0]!.tokens.length;
  let logits = repeated(states, samples);
  return {
    rows,
    grown: run.grown,
    choose: (asked: Omit<Asked, "rows">, filter: TokenFilter, column: number): Int32Array => {
      const found = draw(filtered(logits, vocabulary, filter), { ...asked, rows });
      for (let row = 0; row < rows; row++) chosen[row * width + column] = found[row]!;
      return found;
    },
    feed: async (found: Int32Array): Promise<void> => {
      logits = (await run.feed(found, position++)).subarray(0, rows * vocabulary);
    },
    logProbabilities: (found: Int32Array) => logProbabilities(logits, vocabulary, found),
    expected: (column: number) => expected(logits, vocabulary, discretiser, column),
    tokens: (row: number): Int32Array => chosen.slice(row * width, (row + 1) * width),
  };
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
