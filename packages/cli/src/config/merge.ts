import { FlagText, isRecord, type Tree } from "./flag-tokens.js";

/**
 * A file's configuration with flags laid over it.
 *
 * Another `type` than the file's drops the file's options of that component: they belong to the old type.
 */
export function mergeFlags(file: Tree, flags: Tree): Tree {
  if (flags instanceof FlagText) return isRecord(file) && "type" in file ? mergeFlags(file, { type: flags }) : flags;
  if (!isRecord(flags)) return flags;
  if (Array.isArray(file)) {
    const merged: Tree[] = [...file];
    for (const [key, value] of Object.entries(flags)) merged[Number(key)] = mergeFlags(file[Number(key)], value);
    return merged;
  }
  const type = flags.type instanceof FlagText ? flags.type.text : undefined;
  const base = isRecord(file) && (type === undefined || file.type === type) ? file : {};
  const merged: Record<string, Tree> = { ...base };
  for (const [key, value] of Object.entries(flags)) merged[key] = mergeFlags(base[key], value);
  return merged;
}
