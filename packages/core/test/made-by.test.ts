import { expect, it } from "vitest";
import { z } from "zod";
import { ConfigError, createUntypedPipeline, defineComponent, UncertaintyPenalty } from "../src/index.js";

/** The message of making a penalty as an untyped plug-in would write it; none where it is made. */
function refusalOf(create: () => unknown): string {
  const mine = defineComponent({
    kind: UncertaintyPenalty,
    type: "mine",
    summary: "as a plug-in gives it",
    config: z.object({}),
    create: create as () => UncertaintyPenalty,
  });
  try {
    createUntypedPipeline([mine], { penalty: { type: "mine" } });
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String((error as Error).message);
  }
}

const penalise = () => undefined;

it("takes what has the functions of its kind", () => {
  expect(refusalOf(() => ({ penalise }))).toBe("");
});

it.each([undefined, null])("refuses a component whose create gives %s, which would stand for none", (nothing) => {
  const message = refusalOf(() => nothing);
  expect(message).toContain('penalty "mine": create gives nothing');
  expect(message).toContain("expected: a penalty with the functions penalise");
});

it("refuses a promise, kept or broken, and says what to do", () => {
  const [kept, broken] = [refusalOf(async () => ({ penalise })), refusalOf(() => Promise.reject(new Error("lost")))];
  for (const message of [kept, broken]) {
    expect(message).toContain('penalty "mine": create gives a promise');
    expect(message).toContain("remedy: make create a plain function");
  }
});

it("names the function that is missing, and the one that may be meant", () => {
  const message = refusalOf(() => ({ penalize: penalise }));
  expect(message).toContain('penalty "mine": what create gives has no function "penalise"');
  expect(message).toContain('did you mean "penalize"?');
});

it("names the component whose create fails", () => {
  const fails = () => {
    throw new Error("no such file");
  };
  expect(refusalOf(fails)).toBe('penalty "mine": cannot be made: no such file');
});
