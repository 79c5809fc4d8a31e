import { expect, it } from "vitest";
import { z } from "zod";
import { defineComponent, UncertaintyPenalty } from "../src/index.js";

/** Defines a penalty as an untyped plug-in would write it. */
const define = (wrong: Readonly<Record<string, unknown>>) => () => {
  const right = { kind: UncertaintyPenalty, type: "mine", summary: "my own", config: z.object({}) };
  return defineComponent({
    ...right,
    create: () => ({ penalise: ({ action }) => action }),
    ...wrong,
  } as typeof right & {
    create: () => UncertaintyPenalty;
  });
};

it.each([
  [{ type: "maxThing" }, 'component type "maxThing" is not kebab-case'],
  [{ kind: "penalty" }, 'component "mine" has a kind that is none'],
  [{ kind: undefined }, 'component "mine" has a kind that is none'],
  [{ config: { power: 1 } }, 'component "mine" has a config that is no zod object'],
  [{ config: z.string() }, 'component "mine" has a config that is no zod object'],
  [{ config: z.object({ type: z.string() }) }, 'component "mine" has an option called "type"'],
])("says what is wrong with %o", (wrong, message) => {
  expect(define(wrong)).toThrow(TypeError);
  expect(define(wrong)).toThrow(message);
});

it("takes a whole one", () => {
  expect(define({})().type).toBe("mine");
});
