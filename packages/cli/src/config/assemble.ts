import { ConfigError, nearest, type Registry } from "@lowerbound/core";
import { coerceConfig } from "./coerce.js";
import { flagTree, isRecord, type Tree } from "./flag-tokens.js";
import { mergeFlags } from "./merge.js";

export interface Sources {
  /** What a file, or the run that goes on, says. */
  readonly file: Readonly<Record<string, unknown>>;
  /** Component flags as typed. */
  readonly flags: readonly string[];
  /** Names of the command's own flags, which are no part of the configuration. */
  readonly plainFlags: readonly string[];
  readonly seed?: string;
}

/** The configuration that a file and flags say together; flags win. @throws ConfigError for a misspelt flag */
export function assembleConfig(
  registry: Registry,
  { file, flags, plainFlags, seed }: Sources,
): Record<string, unknown> {
  const tree = flagTree(seed === undefined ? flags : [...flags, `--seed=${seed}`]);
  const kinds = registry.kinds.map((kind) => kind.name);
  for (const name of Object.keys(tree)) checkName(name, plainFlags, kinds);
  // The file's default types are filled in, so that a flag which names the default does not drop the options under it.
  const merged: Tree = mergeFlags(coerceConfig(registry, file), tree);
  return coerceConfig(registry, isRecord(merged) ? merged : {});
}

function checkName(name: string, plainFlags: readonly string[], kinds: readonly string[]): void {
  if (name === "seed" || kinds.includes(name)) return;
  const similar = nearest(name, [...plainFlags, ...kinds]);
  throw new ConfigError("no such flag", {
    where: `--${name}`,
    expected: `one of ${plainFlags.map((flag) => `--${flag}`).join(", ")}, or --KIND.OPTION with KIND one of ${kinds.join(", ")}`,
    ...(similar === undefined ? {} : { remedy: `did you mean --${similar}?` }),
  });
}
