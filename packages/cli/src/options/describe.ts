import { slotKind, typeText, unwrap } from "@lowerbound/core";
import { z } from "zod";

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

const describeSchema = (schema: z.core.$ZodType): string | undefined =>
  schema instanceof z.ZodType ? schema.description : undefined;

function show(value: unknown): string {
  const filled: unknown = typeof value === "function" ? value() : value;
  return JSON.stringify(filled) ?? "";
}
