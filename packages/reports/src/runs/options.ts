import { basename } from "node:path";
import type { RunRecord } from "./read-run.js";

/** Entries that change neither what a run learns nor what is measured of it. */
const ASIDE: readonly string[] = [
  "seed",
  "engine",
  "logger",
  "run",
  ...["every", "parallel", "seed", "workers"].map((option) => `evaluation.${option}`),
];

/** Options as paths and texts; of a dataset's path the name alone, as seeds may have copies of their own. */
export function optionsOf({ config = {} }: RunRecord): ReadonlyMap<string, string> {
  const leaves = Object.entries(config).flatMap(([name, value]) => flatten(name, value));
  const kept = leaves.filter(([path]) => !ASIDE.some((aside) => path === aside || path.startsWith(`${aside}.`)));
  return new Map(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An object, or a list with objects in it, such as the parts of a sum; a list of plain values is a leaf. */
const isBranch = (value: unknown): value is object =>
  Array.isArray(value) ? value.some(isBranch) : value !== null && typeof value === "object";

/** Leaves of a configuration: [path, text]. */
export function flatten(path: string, value: unknown): readonly (readonly [string, string])[] {
  if (isBranch(value)) {
    return Object.entries(value).flatMap(([name, inner]) => flatten(`${path}.${name}`, inner));
  }
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return [[path, path.endsWith(".path") ? basename(text) : text]];
}
