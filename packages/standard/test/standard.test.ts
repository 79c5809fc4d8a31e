import { createRegistry } from "@lowerbound/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { standardComponents } from "../src/index.js";

/** Whether a schema, or one that it wraps (`.describe("...").default(1)`), has a description. */
function isDescribed(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodType && schema.description !== undefined) return true;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? isDescribed(schema._zod.def.innerType)
    : false;
}

describe("the standard components", () => {
  const registry = createRegistry(standardComponents);

  test("give every kind that has a default its default", () => {
    const missing = registry.kinds.filter(
      ({ name, default: fallback }) =>
        fallback !== undefined && !registry.ofKind(name).some(({ type }) => type === fallback),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test.each(standardComponents.map((each) => [`${each.kind.name} ${each.type}`, each] as const))(
    "%s says what it is, and what each option is",
    (_, component) => {
      expect(component.summary).toMatch(/\w+/);
      const silent = Object.entries(component.config.shape).filter(([, schema]) => !isDescribed(schema));
      expect(silent.map(([option]) => option)).toEqual([]);
    },
  );
});
