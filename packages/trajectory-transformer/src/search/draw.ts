import type { Random } from "@lowerbound/core";

/** What a token is asked for: number `dimension` of its kind. */
export interface Asked {
  readonly kind: "observation" | "action" | "reward" | "value";
  readonly dimension: number;
  readonly rows: number;
}

/** One token a row from probabilities [rows, tokens]. */
export type DrawTokens = (probabilities: Float64Array, asked: Asked) => Int32Array;

/** Tokens drawn with these probabilities; of rows that leave one token alone, that one. */
export const drawn =
  (random: Random): DrawTokens =>
  (probabilities, { rows }) =>
    tokensAt(probabilities, random.uniform(new Float32Array(rows)));

/** Nodes that one search asks about, and what decides its draws. */
export interface DrawingCall {
  readonly nodes: number;
  readonly random: Random;
}

/** How tokens of some of the nodes are drawn, `samples` rows of each node one after another. */
export type DrawFor = (nodes: readonly number[], samples: number) => DrawTokens;

/**
 * Draws for the nodes of several calls, numbered one call after another: a call's tokens come of its own randomness alone,
 * whatever nodes they are drawn together with.
 */
export function drawnApart(calls: readonly DrawingCall[]): DrawFor {
  const places = calls.flatMap(({ nodes, random }) => {
    const numbers = new Map<string, Float32Array>();
    return Array.from({ length: nodes }, (_, node) => ({ node, nodes, random, numbers }));
  });
  return (nodes, samples) => (probabilities, asked) => {
    const key = `${asked.kind} ${asked.dimension}`;
    const uniform = new Float32Array(nodes.length * samples);
    nodes.forEach((each, i) => {
      const { node, nodes: count, random, numbers } = places[each]!;
      const own = numbers.get(key) ?? random.uniform(new Float32Array(count * samples));
      numbers.set(key, own);
      uniform.set(own.subarray(node * samples, (node + 1) * samples), i * samples);
    });
    return tokensAt(probabilities, uniform);
  };
}

function tokensAt(probabilities: Float64Array, uniform: Float32Array): Int32Array {
  const tokens = probabilities.length / uniform.length;
  return Int32Array.from(uniform, (u, row) => tokenAt(probabilities, row * tokens, tokens, u));
}

/** The first token with which the sum exceeds u; rounding leaves the last possible one. */
function tokenAt(probabilities: Float64Array, from: number, tokens: number, u: number): number {
  let sum = 0;
  let last = 0;
  for (let token = 0; token < tokens; token++) {
    const probability = probabilities[from + token]!;
    if (!(probability > 0)) continue;
    sum += probability;
    last = token;
    if (u < sum) return token;
  }
  return last;
}
