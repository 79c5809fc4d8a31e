import { slotKind } from "@lowerbound/core";
import { z } from "zod";
import { unwrap } from "./unwrap.js";

/** One option of a component, ready to be shown. */
export interface OptionRow {
  readonly name: string;
  readonly type: string;
  /** The default as it would be written, "required", or empty where the option may be left out. */
  readonly fallback: string;
  readonly description: string;
}

/** The options of a schema, such as a component's `config`; those of an object among them by their path, `fqe.critics`. */
export function describeOptions(options: z.ZodObject, above = ""): readonly OptionRow[] {
  return Object.entries(options.shape).flatMap(([key, schema]) => {
    const { schema: inner, optional, fallback } = unwrap(schema);
    const name = `${above}${key}`;
    if (inner instanceof z.ZodObject && slotKind(inner) === undefined) return describeOptions(inner, `${name}.`);
    return {
      name,
      type: typeText(schema),
      fallback: fallback !== undefined ? show(fallback.value) : optional ? "" : "required",
      description: describeSchema(schema) ?? describeSchema(inner) ?? "",
    };
  });
}

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

const describeSchema = (schema: z.core.$ZodType): string | undefined =>
  schema instanceof z.ZodType ? schema.description : undefined;

function show(value: unknown): string {
  const filled: unknown = typeof value === "function" ? value() : value;
  return JSON.stringify(filled) ?? "";
}
