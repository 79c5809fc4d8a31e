import { z } from "zod";

export interface Unwrapped {
  readonly schema: z.core.$ZodType;
  readonly optional: boolean;
  readonly nullable: boolean;
  /** Present where the schema has a default. */
  readonly fallback?: { readonly value: unknown };
}

/** A schema without the wrappers around it (optional, default, nullable, ...) and what they said. */
export function unwrap(schema: z.core.$ZodType): Unwrapped {
  if (schema instanceof z.ZodOptional) return { ...unwrap(schema._zod.def.innerType), optional: true };
  if (schema instanceof z.ZodNullable) return { ...unwrap(schema._zod.def.innerType), nullable: true };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    const { innerType, defaultValue } = schema._zod.def;
    return { ...unwrap(innerType), optional: true, fallback: { value: defaultValue } };
  }
  if (schema instanceof z.ZodReadonly) return unwrap(schema._zod.def.innerType);
  if (schema instanceof z.ZodPipe) return unwrap(schema._zod.def.in);
  return { schema, optional: false, nullable: false };
}
