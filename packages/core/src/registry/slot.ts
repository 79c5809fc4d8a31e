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
 * It can be a field, optional, and a part of objects, arrays, tuples, records and unions:
 * `z.array(slot(UncertaintyPenalty)).min(1)`, `slot(Termination).optional()`. `defineComponent` refuses it elsewhere.
 */
export function slot<Name extends string, T>(kind: Kind<Name, T>): SlotSchema<Name, T>;
/** The same with a configuration that stands in when the field is left out. */
export function slot<Name extends string, T>(
  kind: Kind<Name, T>,
  fallback: { readonly type: string; readonly [option: string]: unknown },
): z.ZodPrefault<SlotSchema<Name, T>>;
export function slot(kind: Kind<string, unknown>, fallback?: object): z.ZodType {
  const schema = z.custom<unknown>((value) => value !== undefined && value !== null).register(slots, { kind });
  return fallback === undefined ? schema : schema.prefault(fallback);
}

/** The kind a schema is a slot of, or undefined. */
export const slotKind = (schema: z.core.$ZodType): Kind<string, unknown> | undefined => slots.get(schema)?.kind;
