import type { CriticRegulariserInputs, Params } from "@lowerbound/core";
import { hostFloat32 } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { comboHooks } from "../src/index.js";
import { options } from "./world.js";

beforeAll(() => tf.setBackend("cpu"));

/** A row of data and one of the model; one critic with Q 1 at both, and 5 at the policy's actions. */
function inputs(state: Params): CriticRegulariserInputs {
  const [pairs, samples] = [tf.zeros([2, 1]), tf.zeros([options.actionSamples, 2, 1])];
  const criticOfActions = () => tf.fill([1, options.actionSamples, 2], 5);
  return {
    batch: { observation: pairs, action: pairs, reward: pairs, nextObservation: pairs, termination: pairs },
    fromData: tf.tensor2d([1, 0], [2, 1]),
    q: tf.ones([1, 2, 1]),
    critic: () => tf.ones([1, 2, 1]),
    criticOfActions,
    sumOfGroups: (groups, valueAt) => {
      const all = Array.from({ length: groups }, (_, group) => valueAt(criticOfActions, group));
      return { value: tf.addN(all.map(({ value }) => value)), extras: all.map(({ extra }) => extra) };
    },
    policy: () => ({ action: samples, logProbability: samples }),
    noise: { "noise/policy": samples },
    state,
  };
}

it("holds beta times the gap at the threshold, twice as heavy as beside half the squared error", () => {
  const { criticRegulariser } = comboHooks(2, { ...options, form: "paper", lagrangeThreshold: 3 });
  const { state = {}, loss } = criticRegulariser!;
  expect(state).toHaveProperty("logMultiplier", hostFloat32(new Float32Array(1), 1));
  const multiplier = Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, tf.tensor1d(data)]));
  // The multiplier begins at 1: 2 (2 x (5 - 1) - 3).
  expect(loss(inputs(multiplier)).loss.dataSync()[0]).toBeCloseTo(10, 5);
});
