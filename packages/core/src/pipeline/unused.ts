import { Algorithm } from "../contracts/algorithm.js";
import { Dataset } from "../contracts/dataset.js";
import { Evaluator } from "../contracts/evaluator.js";
import type { ParsedConfig } from "../registry/parse-config.js";
import type { Part } from "./phases.js";

/** Kinds that the pipeline itself uses. */
const OWN: ReadonlySet<symbol> = new Set([Dataset.token, Algorithm.token, Evaluator.token]);

/**
 * A sentence for each part that the user configured and no other part asks for.
 *
 * Not an error: commands such as `calibrate` and `predict` use parts that training does not. Kinds with a default are
 * always there, and say nothing about what the user expects.
 */
export function unusedNotes(
  parts: readonly Part[],
  config: ParsedConfig,
  taken: (kind: Part["kind"]) => boolean,
): readonly string[] {
  const required = new Set(parts.flatMap(({ requires }) => requires.map(({ token }) => token)));
  return parts
    .filter(
      ({ kind }) => kind.default === undefined && !OWN.has(kind.token) && !required.has(kind.token) && !taken(kind),
    )
    .map(({ kind: { name } }) => {
      const { [name]: part, algorithm } = config.parts;
      return `${name}: nothing in this run asks for ${part!.type}, algorithm ${algorithm!.type} included; training goes on without it`;
    });
}
