import { z } from "zod";
import type { Kind } from "./kind.js";
import { slotKind } from "./slot.js";
import { innerOf } from "./wrappers.js";

type Schema = z.core.$ZodType;

export type SlotVisitor = (kind: Kind<string, unknown>, value: unknown, path: readonly string[]) => unknown;

/** A copy of `value` in which every slot of `schema` is replaced by what `visit` returns. */
export function mapSlots(schema: Schema, value: unknown, path: readonly string[], visit: SlotVisitor): unknown {
  if (value === undefined || value === null) return value;
  const kind = slotKind(schema);
  if (kind !== undefined) return visit(kind, value, path);
  const within = (inner: Schema, field: unknown, key: string) => mapSlots(inner, field, [...path, key], visit);
  if (schema instanceof z.ZodObject) return mapEntries(value, (key) => schema.shape[key], within);
  if (schema instanceof z.ZodRecord) return mapEntries(value, () => schema.valueType, within);
  if (schema instanceof z.ZodArray) return mapItems(value, () => schema.element, within);
  if (schema instanceof z.ZodTuple) return mapItems(value, (i) => itemOf(schema, i), within);
  const inner = schema instanceof z.ZodUnion ? optionOf(schema, value) : innerOf(schema);
  return inner === undefined ? value : mapSlots(inner, value, path, visit);
}

/** The first place under which a slot stands that {@link mapSlots} does not reach, as zod calls it; undefined for none. */
export function unreachedSlot(schema: Schema, seen: Set<Schema> = new Set()): string | undefined {
  if (slotKind(schema) !== undefined || seen.has(schema)) return undefined;
  seen.add(schema);
  const reached =
    schema instanceof z.ZodObject ||
    schema instanceof z.ZodRecord ||
    schema instanceof z.ZodArray ||
    schema instanceof z.ZodTuple ||
    schema instanceof z.ZodUnion ||
    innerOf(schema) !== undefined;
  if (!reached) return holdsSlot(schema) ? schema._zod.def.type : undefined;
  for (const child of childrenOf(schema)) {
    const place = unreachedSlot(child, seen);
    if (place !== undefined) return place;
  }
  return undefined;
}

type Within = (schema: Schema, value: unknown, key: string) => unknown;

function mapEntries(value: unknown, schemaOf: (key: string) => Schema | undefined, within: Within): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => {
    const schema = schemaOf(key);
    return [key, schema === undefined ? field : within(schema, field, key)];
  });
  return Object.fromEntries(entries);
}

function mapItems(value: unknown, schemaOf: (index: number) => Schema | undefined, within: Within): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown, i) => {
    const schema = schemaOf(i);
    return schema === undefined ? item : within(schema, item, String(i));
  });
}

const itemOf = ({ def }: z.ZodTuple, index: number): Schema | undefined => def.items[index] ?? def.rest ?? undefined;

/** The option of a union that a value stands for, where that one holds slots: a slot itself takes what no other does. */
function optionOf({ options }: z.ZodUnion, value: unknown): Schema | undefined {
  const takes = (option: Schema) => z.safeParse(option, value).success;
  if (options.some((option) => !holdsSlot(option) && takes(option))) return undefined;
  return options.find((option) => holdsSlot(option) && takes(option));
}

function holdsSlot(schema: Schema, seen: Set<Schema> = new Set()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return slotKind(schema) !== undefined || childrenOf(schema).some((child) => holdsSlot(child, seen));
}

/** Schemas that a schema of any type is made of. */
function childrenOf(schema: Schema): readonly Schema[] {
  const { def } = schema._zod;
  if ("getter" in def && typeof def.getter === "function") return [def.getter()].filter(isSchema);
  const parts = "shape" in def && isRecord(def.shape) ? Object.values(def.shape) : [];
  return [...parts, ...Object.values(def)].flatMap((part) => (Array.isArray(part) ? part : [part])).filter(isSchema);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isSchema = (value: unknown): value is Schema => value instanceof z.core.$ZodType;
