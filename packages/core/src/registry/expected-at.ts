import { z } from "zod";
import { slotKind } from "./slot.js";
import { typeText } from "./type-text.js";
import { unwrap } from "./unwrap.js";

/** What an error expects of the option at a path: its type in words, and what it means. */
export function expectedAt(schema: z.ZodObject, path: readonly string[]): { expected?: string } {
  const field = fieldOf(schema, path);
  if (field === undefined) return {};
  const description = field instanceof z.ZodType ? field.description : undefined;
  return { expected: `${typeText(field)}${description === undefined ? "" : `: ${description}`}` };
}

/** The schema at a path of options; nothing beyond what is an object. */
function fieldOf(schema: z.core.$ZodType, [key, ...rest]: readonly string[]): z.core.$ZodType | undefined {
  if (key === undefined) return schema;
  const inner = unwrap(schema).schema;
  if (!(inner instanceof z.ZodObject) || slotKind(inner) !== undefined) return schema;
  const field = inner.shape[key];
  return field === undefined ? undefined : fieldOf(field, rest);
}
