import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, createUntypedPipeline, defineComponent, slot, UncertaintyPenalty } from "../src/index.js";
import { constant, nothing } from "./components.js";

const P = UncertaintyPenalty;
type Made = { readonly penalise: unknown };
const isMade = (value: unknown): value is Made => typeof value === "object" && value !== null && "penalise" in value;

/** What `create` of a component with such an option receives for it. */
function received(of: z.ZodType, value: unknown): unknown {
  let seen: unknown;
  const wrap = defineComponent({
    kind: P,
    type: "wrap",
    summary: "holds others",
    config: z.object({ of }),
    create: (options) => {
      seen = options.of;
      return { penalise: ({ action }) => action };
    },
  });
  createUntypedPipeline([constant, nothing, wrap], { penalty: { type: "wrap", of: value } });
  return seen;
}

describe("a slot is filled", () => {
  const one = { type: "nothing" };
  test.each<[string, z.ZodType, unknown, (seen: never) => unknown]>([
    ["as a field", slot(P), one, (seen: Made) => seen],
    [
      "described and refined",
      slot(P)
        .describe("x")
        .refine(() => true),
      one,
      (seen: Made) => seen,
    ],
    ["in an array", z.array(slot(P)), [one], (seen: Made[]) => seen[0]],
    ["in a tuple", z.tuple([z.number(), slot(P)]), [1, one], (seen: [number, Made]) => seen[1]],
    ["in the rest of a tuple", z.tuple([z.number()], slot(P)), [1, one, one], (seen: Made[]) => seen[2]],
    ["in a record", z.record(z.string(), slot(P)), { a: one }, (seen: { a: Made }) => seen.a],
    ["in an object", z.object({ p: slot(P) }), { p: one }, (seen: { p: Made }) => seen.p],
    ["in a union", z.union([z.number(), slot(P)]), one, (seen: Made) => seen],
    ["first in a union", z.union([slot(P), z.number()]), one, (seen: Made) => seen],
    [
      "in an option of a discriminated union",
      z.discriminatedUnion("mode", [
        z.object({ mode: z.literal("a"), p: slot(P) }),
        z.object({ mode: z.literal("b") }),
      ]),
      { mode: "a", p: one },
      (seen: { p: Made }) => seen.p,
    ],
    ["where it may be left out", z.nonoptional(slot(P).optional()), one, (seen: Made) => seen],
  ])("%s", (_, schema, value, madeOf) => {
    expect(isMade(madeOf(received(schema, value) as never))).toBe(true);
  });

  test("by its fallback", () => {
    expect(isMade(received(slot(P, { type: "nothing" }), undefined))).toBe(true);
  });
});

test("a union's other options stay as they are", () => {
  expect(received(z.union([slot(P), z.number()]), 3)).toBe(3);
  expect(received(slot(P).nullable(), null)).toBeNull();
});

test("options of a component within records, tuples and unions are checked", () => {
  const misspelt = { type: "constant", valeu: 3 };
  for (const [schema, value] of [
    [z.record(z.string(), slot(P)), { a: misspelt }],
    [z.tuple([slot(P)]), [misspelt]],
    [z.union([z.number(), slot(P)]), misspelt],
  ] as const) {
    expect(() => received(schema, value)).toThrow(/no option is called "valeu"[\s\S]*"value"/);
  }
});

test("a slot takes no null", () => {
  expect(() => received(slot(P), null)).toThrow(ConfigError);
});

describe("a component is refused", () => {
  test.each([
    ["transform", z.array(slot(P)).transform((each) => each), "pipe"],
    ["catch", z.object({ p: slot(P).catch(() => ({}) as never) }), "catch"],
    ["lazy", z.lazy(() => slot(P)), "lazy"],
  ])("for a slot below a %s, where none is filled", (_, of, place) => {
    expect(() => received(of, { type: "nothing" })).toThrow(new RegExp(`"wrap" has a slot within a ${place}`));
  });

  test("for an option called type", () => {
    expect(() =>
      defineComponent({
        kind: P,
        type: "typed",
        summary: "has an option that cannot be named",
        config: z.object({ type: z.string() }),
        create: () => ({ penalise: ({ action }) => action }),
      }),
    ).toThrow(/"typed" has an option called "type"/);
  });

  test("not for a schema that holds itself", () => {
    const tree = z.object({
      size: z.number(),
      get parts() {
        return z.array(tree).optional();
      },
    });
    expect(received(tree, { size: 1, parts: [{ size: 2 }] })).toEqual({ size: 1, parts: [{ size: 2 }] });
  });
});

describe("a misspelt option within an object of options", () => {
  const schedule = z.object({ from: z.number().default(1), to: z.number().default(2) });

  test("is refused by its path and the nearest name", () => {
    expect(() => received(schedule.prefault({}), { form: 9 })).toThrow(/penalty\.of\.form: no option is called "form"/);
    expect(() => received(schedule.optional(), { form: 9 })).toThrow(/"from"/);
    expect(() => received(z.array(schedule), [{}, { form: 9 }])).toThrow(/penalty\.of\.1\.form/);
  });

  test("is what a loose object asks for", () => {
    expect(received(z.looseObject({ from: z.number() }), { from: 1, form: 9 })).toEqual({ from: 1, form: 9 });
  });
});
