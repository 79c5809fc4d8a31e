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
  (probabilities, { rows }) => {
    const tokens = probabilities.length / rows;
    const uniform = random.uniform(new Float32Array(rows));
    return Int32Array.from(uniform, (u, row) => tokenAt(probabilities, row * tokens, tokens, u));
  };

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
