import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, expect, test } from "vitest";
import { overweightNote } from "../src/dyna/overweight.js";
import { type DynaHooks, trainDyna } from "../src/index.js";
import { contextOf, engine, options, parts } from "./world.js";

afterAll(() => engine.dispose());

test("a penalty above the reward's size is worth a note, with both figures", () => {
  expect(overweightNote({ modelReward: 2.5, reshapedReward: -3.1 })).toMatch(
    /costs 5\.60 .* 2\.50: .*smaller coefficient/,
  );
  // Rewards that are costs: their size counts.
  expect(overweightNote({ modelReward: -2, reshapedReward: -4.5 })).toContain("costs 2.50");
});

test("a penalty below it is not, nor a training without rollouts", () => {
  expect(overweightNote({ modelReward: 2.49, reshapedReward: 0.12 })).toBeUndefined();
  expect(overweightNote({ modelReward: -2, reshapedReward: -3.9 })).toBeUndefined();
  expect(overweightNote({})).toBeUndefined();
});

test("training says it of an algorithm with a coefficient, and of no other", async () => {
  const notesWith = async (hooks: DynaHooks) => {
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    await trainDyna(contextOf(run), { ...parts, hooks }, { ...options, updates: 1 });
    return notes;
  };
  const reshapeTransition: DynaHooks["reshapeTransition"] = ({ reward, termination }) => ({
    reward: tf.sub(reward, 100),
    termination,
  });
  expect(await notesWith({ reshapeTransition, targetPenaltyCoefficient: 1 })).toEqual([
    expect.stringContaining("consider a smaller coefficient"),
  ]);
  // What MOReL pays at HALT is no price of a step.
  expect(await notesWith({ reshapeTransition })).toEqual([]);
});
