import { expect, test } from "vitest";
import { z } from "zod";
import { createUntypedPipeline, defineComponent, Termination, UncertaintyPenalty } from "../src/index.js";

function parts(disposed: string[], second: { readonly create?: Error; readonly dispose?: Error } = {}) {
  const penalty = defineComponent({
    kind: UncertaintyPenalty,
    type: "held",
    summary: "has to be disposed of",
    config: z.object({}),
    create: () => ({ penalise: ({ action }) => action, dispose: () => void disposed.push("penalty") }),
  });
  const termination = defineComponent({
    kind: Termination,
    type: "fails",
    summary: "fails where it is told to",
    config: z.object({}),
    requires: [UncertaintyPenalty],
    create: (_, { inject }) => {
      inject(UncertaintyPenalty);
      if (second.create !== undefined) throw second.create;
      return {
        terminated: ({ action }) => action,
        dispose: () => {
          if (second.dispose !== undefined) throw second.dispose;
          disposed.push("termination");
        },
      };
    },
  });
  return [penalty, termination] as const;
}

const config = { penalty: { type: "held" }, termination: { type: "fails" } };

test("parts are disposed of, the newest first", async () => {
  const disposed: string[] = [];
  await createUntypedPipeline(parts(disposed), config).dispose();
  expect(disposed).toEqual(["termination", "penalty"]);
});

test("what was made before a part that cannot be made is disposed of", async () => {
  const disposed: string[] = [];
  expect(() => createUntypedPipeline(parts(disposed, { create: new Error("no room") }), config)).toThrow("no room");
  await Promise.resolve();
  expect(disposed).toEqual(["penalty"]);
});

test("a part whose disposal fails does not keep the others", async () => {
  const disposed: string[] = [];
  const pipeline = createUntypedPipeline(parts(disposed, { dispose: new Error("stuck") }), config);
  await expect(pipeline.dispose()).rejects.toThrow("stuck");
  expect(disposed).toEqual(["penalty"]);
});
