import { z } from "zod";
import type { Kind } from "./kind.js";

declare const slotName: unique symbol;

/** Stands in a schema's input type for the configuration of a nested component; resolved by `ConfigOf`. */
export interface SlotInput<Name extends string> {
  readonly [slotName]: Name;
}

export type SlotSchema<Name extends string, T> = z.ZodType<T, SlotInput<Name>>;

const slots = z.registry<{ readonly kind: Kind<string, unknown> }>();

/**
 * A field of a component's schema that holds another component, each instance in a scope of its own.
 *
 * In a configuration the field is written `{ type: "...", ...options }`; `create` receives the made component.
 * Wrap it as any schema: `z.array(slot(UncertaintyPenalty)).min(1)`, `slot(Termination).optional()`.
 */
export function slot<Name extends string, T>(kind: Kind<Name, T>): SlotSchema<Name, T>;
/** The same with a configuration that stands in when the field is left out. */
export function slot<Name extends string, T>(
  kind: Kind<Name, T>,
  fallback: { readonly type: string; readonly [option: string]: unknown },
): z.ZodPrefault<SlotSchema<Name, T>>;
export function slot(kind: Kind<string, unknown>, fallback?: object): z.ZodType {
  const schema = z.custom<unknown>((value) => value !== undefined).register(slots, { kind });
  return fallback === undefined ? schema : schema.prefault(fallback);
}

/** The kind a schema is a slot of, or undefined. */
export const slotKind = (schema: z.core.$ZodType): Kind<string, unknown> | undefined => slots.get(schema)?.kind;

export type SlotVisitor = (kind: Kind<string, unknown>, value: unknown, path: readonly string[]) => unknown;

/** A copy of `value` in which every slot of `schema` is replaced by what `visit` returns. */
export function mapSlots(
  schema: z.core.$ZodType,
  value: unknown,
  path: readonly string[],
  visit: SlotVisitor,
): unknown {
  if (value === undefined || value === null) return value;
  const kind = slotKind(schema);
  if (kind !== undefined) return visit(kind, value, path);
  if (schema instanceof z.ZodObject) return mapFields(schema, value, path, visit);
  if (schema instanceof z.ZodArray) {
    const { element } = schema;
    return Array.isArray(value) ? value.map((v, i) => mapSlots(element, v, [...path, String(i)], visit)) : value;
  }
  const inner = innerOf(schema);
  return inner === undefined ? value : mapSlots(inner, value, path, visit);
}

function mapFields(schema: z.ZodObject, value: unknown, path: readonly string[], visit: SlotVisitor): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => {
    const fieldSchema = schema.shape[key];
    return [key, fieldSchema === undefined ? field : mapSlots(fieldSchema, field, [...path, key], visit)];
  });
  return Object.fromEntries(entries);
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly;
  return wraps ? schema._zod.def.innerType : undefined;
}
