import { expect, test } from "vitest";
import type { Algorithm, Evaluator } from "../src/index.js";
import { measure } from "../src/pipeline/evaluate.js";
import { dataset, engine } from "./pipeline-parts.js";

const ALONE = {
  inject: () => {
    throw new Error("nothing to inject");
  },
  optional: () => undefined,
};

/** An algorithm that notes what is asked of it. */
const algorithmOf = (events: string[]): Algorithm => ({
  train: () => Promise.reject(new Error("not trained")),
  policy: async () => ({
    capabilities: { stochastic: false, logProbability: false },
    init: async () => null,
    act: async (observations, state) => ({ actions: observations, state }),
    close: async () => void events.push("closed"),
  }),
  imagine: async () => {
    events.push("imagined");
    return new Float64Array(1);
  },
});

const contextOf = (signal: AbortSignal) => ({
  dataset: dataset.create({ fingerprint: "f", actionBounds: [] }, ALONE),
  engine: engine.create({}, ALONE),
  trained: { tensors: {}, facts: {} },
  fitted: () => ({ tensors: {}, facts: {} }),
  seed: 1,
  signal,
});

/** An evaluator that is interrupted while it measures, and notes what happens from then on. */
function interrupted(obeys: boolean) {
  const controller = new AbortController();
  const events: string[] = [];
  const evaluator: Evaluator = {
    every: 0,
    evaluate: async (_policy, _seed, signal) => {
      controller.abort(new Error("stopped by the user"));
      if (obeys) signal?.throwIfAborted();
      events.push("measured");
      return { environmentId: "e", returns: [1], lengths: [1], mean: 1, std: 0, environmentSteps: 1 };
    },
    starts: async () => ({ observations: { rows: 0, columns: 1, data: new Float32Array() }, timeLimit: 1 }),
    close: async () => {},
  };
  return { measuring: measure(algorithmOf(events), evaluator, contextOf(controller.signal)), events };
}

test("what a model promises is null where it diverged, and so is the mean", async () => {
  const evaluator: Evaluator = {
    every: 0,
    evaluate: async () => ({ environmentId: "e", returns: [1], lengths: [1], mean: 1, std: 0, environmentSteps: 1 }),
    starts: async () => ({ observations: { rows: 0, columns: 1, data: new Float32Array() }, timeLimit: 1 }),
    close: async () => {},
  };
  const promised = (...returns: readonly number[]) =>
    measure(
      { ...algorithmOf([]), imagine: async () => Float64Array.from(returns) },
      evaluator,
      contextOf(new AbortController().signal),
    );
  expect((await promised(1, Number.NEGATIVE_INFINITY, Number.NaN)).imagined).toEqual({
    returns: [1, null, null],
    mean: null,
  });
  expect((await promised(1, 2)).imagined).toEqual({ returns: [1, 2], mean: 1.5 });
});

test.each([
  ["that stops, stops the run", true, ["closed"]],
  ["that goes on to its end, stops the run after it", false, ["measured", "closed"]],
] as const)("an interrupted evaluation %s", async (_, obeys, expected) => {
  const { measuring, events } = interrupted(obeys);
  await expect(measuring).rejects.toThrow("stopped by the user");
  expect(events).toEqual(expected);
});
