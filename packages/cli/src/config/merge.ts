import { ConfigError } from "@lowerbound/core";
import { FlagText, isRecord, type Tree } from "./flag-tokens.js";

/**
 * A file's configuration with flags laid over it.
 *
 * Another `type` than the file's drops the file's options of that component: they belong to the old type.
 * @throws ConfigError for a flag that names no entry of a list
 */
export function mergeFlags(file: Tree, flags: Tree, path: readonly string[] = []): Tree {
  if (flags instanceof FlagText) {
    return isRecord(file) && "type" in file ? mergeFlags(file, { type: flags }, path) : flags;
  }
  if (!isRecord(flags)) return flags;
  if (Array.isArray(file)) return mergeList(file, flags, path);
  const type = flags.type instanceof FlagText ? flags.type.text : undefined;
  const base = isRecord(file) && (type === undefined || file.type === type) ? file : {};
  const merged: Record<string, Tree> = { ...base };
  for (const [key, value] of Object.entries(flags)) merged[key] = mergeFlags(base[key], value, [...path, key]);
  return merged;
}

function mergeList(file: readonly Tree[], flags: Readonly<Record<string, Tree>>, path: readonly string[]): Tree[] {
  const merged = [...file];
  for (const [key, value] of Object.entries(flags)) {
    const at = Number(key);
    if (String(at) !== key || !(at >= 0 && at <= merged.length)) throw noEntry([...path, key], merged.length);
    merged[at] = mergeFlags(file[at], value, [...path, key]);
  }
  return merged;
}

const noEntry = (path: readonly string[], count: number): ConfigError =>
  new ConfigError(`"${path.at(-1)}" is no entry of the list`, {
    where: `--${path.join(".")}`,
    expected: `an entry's number from 0 on, at most ${count} (which adds one)`,
    remedy: `or give the whole list: --${path.slice(0, -1).join(".")}=A,B`,
  });
