import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { modelReturns, rolloutPartsOf } from "../src/index.js";
import { contextOf, engine, parts } from "./world.js";

afterAll(() => engine.dispose());

describe("the return in the model", () => {
  it("is the model's own, whatever a hook pays and ends", async () => {
    const halting: typeof parts.hooks = {
      reshapeTransition: ({ reward, termination }) => ({
        reward: tf.sub(reward, 1),
        termination: tf.onesLike(termination),
      }),
    };
    const { engine: compiling, random, dataset } = contextOf(memoryRun());
    const tensors = parts.optimiser.initialise({ observation: 2, action: 1 }, random);
    const job = { engine: compiling, tensors, starts: Float32Array.of(1, 0.5, -1, -0.5), horizon: 5 };
    const fitted = () => ({ tensors: {}, facts: {} });
    const returnsWith = async (hooks: typeof parts.hooks, horizon: number) => {
      const rolled = await rolloutPartsOf({ dataset, fitted }, { ...parts, hooks });
      return modelReturns({ ...job, horizon, parts: rolled, random: random.stream("returns") });
    };
    const { modelReturns: own } = await returnsWith({}, 5);
    const first = await returnsWith({}, 1);
    const halted = await returnsWith(halting, 5);
    expect(halted.modelReturns).toEqual(own);
    expect(own).not.toEqual(first.modelReturns);
    expect(halted.reshapedReturns).toEqual(first.modelReturns.map((value) => Math.fround(value - 1)));
  });
});
