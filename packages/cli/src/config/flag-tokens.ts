import { ConfigError } from "@lowerbound/core";

/** Text of a flag whose meaning only the option's schema can tell. */
export class FlagText {
  constructor(readonly text: string) {}
}

/** A configuration in the making: records, arrays, plain values, and flags not yet read. */
export type Tree = unknown;

/**
 * Arrange component flags as a tree: `--penalty.penalties.0.type=max-aleatoric`, `--engine onnx`.
 *
 * A flag without a value stands for true. @throws ConfigError for what is not a flag, or no name of an option.
 */
export function flagTree(tokens: readonly string[]): Record<string, Tree> {
  const tree: Record<string, Tree> = {};
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (!token.startsWith("--") || token.length < 3) {
      throw new ConfigError(`"${token}" is neither a flag nor the value of one`, {
        expected: "--kind.option=value",
        remedy: "put values with spaces in quotes",
      });
    }
    const equals = token.indexOf("=");
    const path = (equals < 0 ? token.slice(2) : token.slice(2, equals)).split(".");
    if (path.includes("__proto__")) throw new ConfigError('no option is called "__proto__"', { where: token });
    const next = tokens[at + 1];
    if (equals >= 0) setPath(tree, path, token.slice(equals + 1));
    else if (next === undefined || next.startsWith("--")) setPath(tree, path, "true");
    else {
      setPath(tree, path, next);
      at++;
    }
  }
  return tree;
}

function setPath(tree: Record<string, Tree>, path: readonly string[], text: string): void {
  let node = tree;
  for (const key of path.slice(0, -1)) {
    const below = node[key];
    // `--penalty sum --penalty.scale=2`: the first is short for `--penalty.type=sum`.
    const record = isRecord(below) ? below : below instanceof FlagText ? { type: below } : {};
    node[key] = record;
    node = record;
  }
  const last = path.at(-1)!;
  const before = node[last];
  if (isRecord(before)) before.type = new FlagText(text);
  else node[last] = new FlagText(text);
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof FlagText);
