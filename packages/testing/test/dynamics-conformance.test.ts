import type { DynamicsModel, MemberPrediction } from "@lowerbound/core";
import { createEagerEngine } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { dynamicsConformance, lineMember } from "../src/index.js";

const engine = createEagerEngine("cpu", async () => "cpu");

/** Names of the cases that a model fails. */
async function failuresOf(model: DynamicsModel): Promise<readonly string[]> {
  const dimensions = { observation: 2, action: 1 };
  const failures: string[] = [];
  for (const { name, run } of dynamicsConformance({ model, dimensions, fitted: {}, engines: [engine, engine] })) {
    await run().catch(() => failures.push(name));
  }
  return failures;
}

/** The line's member with a `predict` that says something else than its steps. */
const predicting = (change: (prediction: MemberPrediction) => Partial<MemberPrediction>): DynamicsModel => {
  const model = lineMember();
  return {
    ...model,
    predict: (inputs, params) => {
      const prediction = model.step({ ...inputs, noise: {}, carry: {} }, params).prediction!;
      return { ...prediction, ...change(prediction) };
    },
  };
};

it("lets a model pass that draws nothing", async () => {
  expect(await failuresOf(lineMember())).toEqual([]);
  expect(await failuresOf(predicting(() => ({})))).toEqual([]);
});

it.each([
  ["means", ({ meanObservation }: MemberPrediction) => ({ meanObservation: tf.add(meanObservation, 1) })],
  ["rewards", ({ meanReward }: MemberPrediction) => ({ meanReward: tf.add(meanReward, 1) })],
  ["variances", ({ logVar }: MemberPrediction) => ({ logVar: tf.add(logVar, 20) })],
  [
    "numbers of rows",
    ({ meanReward }: MemberPrediction) => ({ meanReward: tf.slice(meanReward, [0, 0, 0], [1, 1, 1]) }),
  ],
])("finds a predict of other %s than the step's", async (_, change) => {
  expect(await failuresOf(predicting(change))).toEqual(["predicts in `predict` what `step` hands out"]);
});
