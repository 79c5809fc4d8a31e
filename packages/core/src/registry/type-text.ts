import { z } from "zod";
import { slotKind } from "./slot.js";
import { unwrap } from "./unwrap.js";

/** A schema's type in words: `integer >= 1`, `penalty component`, `"mean" | "max"`. */
export function typeText(wrapped: z.core.$ZodType): string {
  const { schema, nullable } = unwrap(wrapped);
  const text = bareType(schema);
  return nullable ? `${text} | null` : text;
}

function bareType(schema: z.core.$ZodType): string {
  const kind = slotKind(schema);
  if (kind !== undefined) return `${kind.name} component`;
  if (schema instanceof z.ZodArray) return listType(typeText(schema.element));
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => JSON.stringify(option)).join(" | ");
  if (schema instanceof z.ZodLiteral) return [...schema.values].map((value) => JSON.stringify(value)).join(" | ");
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => typeText(option)).join(" | ");
  if (schema instanceof z.ZodNumber) return numberType(schema);
  if (schema instanceof z.ZodString) return "string";
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodRecord) return `object of ${typeText(schema.valueType)}`;
  if (schema instanceof z.ZodTuple) return `[${schema._zod.def.items.map((item) => typeText(item)).join(", ")}]`;
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(([name, field]) => `${name}: ${typeText(field)}`);
    return `{ ${fields.join(", ")} }`;
  }
  return schema._zod.def.type;
}

const listType = (element: string): string =>
  `list of ${element.replace(/(component|integer|number|string|boolean)(?=$| )/, "$1s")}`;

function numberType(schema: z.ZodNumber): string {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = z.toJSONSchema(schema);
  const bounds = [
    bound(">=", minimum),
    bound(">", exclusiveMinimum),
    bound("<=", maximum),
    bound("<", exclusiveMaximum),
  ].filter((text) => text !== "");
  return [type ?? "number", bounds.join(" and ")].filter((text) => text !== "").join(" ");
}

/** Bounds that only say "a safe integer" are left out. */
function bound(sign: string, value: unknown): string {
  return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? `${sign} ${value}` : "";
}
