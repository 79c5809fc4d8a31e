import { ConfigError } from "@lowerbound/core";
import { checkToken } from "../discretise/discretiser.js";
import { type TokenShape, vocabularyOf } from "../model/architecture.js";

export const tooLong = (what: string, { positions }: TokenShape): ConfigError =>
  new ConfigError(what, {
    where: "sequence.context",
    expected: `at most ${positions} tokens, as the model was trained with`,
  });

/** Rows of the embedding table: each place in a transition has bins of its own, the termination token is the last row. */
export function embeddingRows(
  shape: TokenShape,
  tokens: ArrayLike<number>,
  positionOf: (i: number) => number,
): Int32Array {
  const { bins, transition } = shape;
  return Int32Array.from(tokens, (token, i) => {
    checkToken(token, vocabularyOf(shape) - 1);
    return token === bins ? bins * transition : token + bins * (positionOf(i) % transition);
  });
}
