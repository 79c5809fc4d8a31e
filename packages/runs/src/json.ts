import { ConfigError } from "@lowerbound/core";

/** Check that a value survives JSON; fields that are undefined do not count. @throws ConfigError naming the path of what would not. */
export function assertJson(value: unknown, path: string): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  const nested = entriesOf(value);
  if (nested !== undefined) {
    for (const [key, each] of nested) if (each !== undefined) assertJson(each, `${path}.${key}`);
    return;
  }
  throw new ConfigError(`JSON cannot hold ${String(value)}`, {
    where: path,
    expected: "finite numbers, strings, booleans, null",
  });
}

/** Entries of an array or plain object, or undefined. */
function entriesOf(value: unknown): readonly [string, unknown][] | undefined {
  const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return Array.isArray(value) || plain ? Object.entries(value) : undefined;
}

/** Where two JSON values differ, and both sides. */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly now: unknown;
}

export function differences(before: unknown, now: unknown, path = ""): readonly Difference[] {
  if (!isRecord(before) || !isRecord(now)) {
    return JSON.stringify(before) === JSON.stringify(now) ? [] : [{ path, before, now }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return keys.flatMap((key) => differences(before[key], now[key], path === "" ? key : `${path}.${key}`));
}

/** A difference in words: `algorithm.updates: 100 -> 200`. */
export const differenceText = ({ path, before, now }: Difference): string => `${path}: ${show(before)} -> ${show(now)}`;

const show = (value: unknown): string => (value === undefined ? "absent" : JSON.stringify(value));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
