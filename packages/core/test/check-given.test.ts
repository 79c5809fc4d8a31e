import { expect, it } from "vitest";
import { createUntypedPipeline } from "../src/index.js";
import { algorithm, base, dataset, density, dynamics, engine, memoryStore } from "./pipeline-parts.js";

type Given = Readonly<Record<string, unknown>> | undefined;

/** Why a pipeline fails whose dataset tells `info`, and whose training gives `trained`; how far it came. */
async function outcomeOf(given: { readonly info?: Given; readonly trained?: Given }) {
  const store = memoryStore();
  const own = {
    dataset: { ...dataset, create: () => ({ ...dataset.create(dataset.config.parse({}), ALONE), ...infoOf(given) }) },
    algorithm: { ...algorithm, create: () => ({ ...algorithm.create({ updates: 1 }, ALONE), ...trainOf(given) }) },
  };
  const parts = [own.algorithm, own.dataset, dynamics, density, engine, store.component];
  const failure = await createUntypedPipeline(parts, base)
    .run({ directory: "d" })
    .then(
      () => "",
      (error: unknown) => String(error),
    );
  return { failure, fitted: store.events.includes("fit dynamics") };
}

const ALONE = { inject: () => Promise.reject(new Error("alone")) as never, optional: () => undefined };
const infoOf = (given: { readonly info?: Given }) => ("info" in given ? { info: async () => given.info } : {});
const trainOf = (given: { readonly trained?: Given }) =>
  "trained" in given ? { train: async () => given.trained } : {};

const info = {
  ...{ name: "mine", layout: "own", observation: 1, action: 1, episodes: 1, steps: 1, fingerprint: "f" },
  returns: { mean: 0, std: 0, min: 0, max: 0 },
};

it("takes what is whole", async () => {
  expect(await outcomeOf({ info, trained: { tensors: {}, facts: {} } })).toEqual({ failure: "", fitted: true });
});

it("names what a dataset does not tell of itself, before anything is fitted", async () => {
  const { returns: _, ...less } = info;
  for (const [told, lacks] of [
    [less, '"returns"'],
    [{ ...info, fingerprint: undefined }, '"fingerprint"'],
  ] as const) {
    const { failure, fitted } = await outcomeOf({ info: told });
    expect(failure).toContain(`dataset.info: what it gives has no right ${lacks}`);
    expect(fitted).toBe(false);
  }
});

it.each([
  [undefined, "it gives no object"],
  [{ facts: {} }, 'what it gives has no right "tensors"'],
  [{ tensors: {} }, 'what it gives has no right "facts"'],
  [{ tensors: { w: [1, 2] }, facts: {} }, 'what it gives has no right "tensors.w'],
])("says what is wrong with a training that gives %o", async (trained, message) => {
  const { failure } = await outcomeOf({ trained });
  expect(failure).toContain(`algorithm.train: ${message}`);
  expect(failure).toContain("expected: an object with tensors, facts");
});
