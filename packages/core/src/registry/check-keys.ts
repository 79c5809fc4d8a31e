import { z } from "zod";
import { ConfigError } from "../errors.js";
import { nearest } from "./nearest.js";
import { suggestion } from "./registry.js";
import { innerOf } from "./wrappers.js";

/**
 * Refuse keys that an object schema, or one within it, does not know: zod leaves them out without a word.
 *
 * @throws ConfigError naming the path and the nearest valid key; `also` are keys that are valid elsewhere.
 */
export function checkKeys(
  schema: z.core.$ZodType,
  value: unknown,
  path: readonly string[],
  also: readonly string[] = [],
): void {
  if (schema instanceof z.ZodArray) {
    if (Array.isArray(value))
      for (const [i, item] of value.entries()) checkKeys(schema.element, item, [...path, `${i}`]);
    return;
  }
  if (!(schema instanceof z.ZodObject)) {
    const inner = innerOf(schema);
    if (inner !== undefined) checkKeys(inner, value, path, also);
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const known = Object.keys(schema.shape);
  for (const [key, field] of Object.entries(value)) {
    const inner = schema.shape[key];
    if (inner !== undefined) checkKeys(inner, field, [...path, key]);
    else if (schema.def.catchall === undefined) throw unknownKey([...path, key].join("."), key, known, also);
  }
}

/** What is said of a key that is none of those known. */
export function unknownKey(
  where: string,
  key: string,
  known: readonly string[],
  also: readonly string[] = [],
): ConfigError {
  return new ConfigError(`no option is called "${key}"`, {
    where,
    expected: known.length === 0 ? "no options" : `one of ${known.join(", ")}`,
    ...suggestion(nearest(key, [...known, ...also])),
  });
}
