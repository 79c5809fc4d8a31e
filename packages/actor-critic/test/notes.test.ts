import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, expect, test } from "vitest";
import { overweightNote } from "../src/dyna/overweight.js";
import { createPpo, type DynaHooks, type DynaParts, ppoOptions, trainDyna } from "../src/index.js";
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

const penalised = (u: (size: tf.Tensor) => tf.Tensor): Partial<DynaParts> => ({
  // Sizes of actions, [batch].
  penalty: { seesMembers: false, penalise: ({ action }) => u(tf.norm(action, 2, -1)) },
  hooks: {
    reshapeTransition: ({ reward, termination, penalty }) => ({
      reward: tf.sub(reward, penalty!),
      termination,
    }),
  },
});

test("a penalty below 0 is worth a note, one that is 0 but for rounding is not", async () => {
  const notesOf = async (u: (size: tf.Tensor) => tf.Tensor) => {
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    // Two rollouts, one note.
    await trainDyna(contextOf(run), { ...parts, ...penalised(u) }, { ...options, updates: 25 });
    return notes;
  };
  expect(await notesOf((size) => tf.sub(size, 10))).toEqual([
    expect.stringMatching(/^u\(s, a\) is as low as -\d+\.?\d* in imagined transitions.*clip$/),
  ]);
  expect(await notesOf((size) => tf.sub(tf.mul(size, 0), 1e-6))).toEqual([]);
});

test.each([
  ["NaN", (size: tf.Tensor) => tf.log(tf.sub(-1, size))],
  ["Infinity", (size: tf.Tensor) => tf.div(1, tf.mul(size, 0))],
] as const)("a penalty of %s stops training before a critic breaks on it", async (figure, u) => {
  const training = trainDyna(contextOf(memoryRun()), { ...parts, ...penalised(u) }, options);
  await expect(training).rejects.toThrow(`penalty: u(s, a) adds up to ${figure} in imagined transitions`);
});

test("a penalty that is no number, and that no reward is lowered by, stops nothing", async () => {
  const { penalty } = penalised((size) => tf.log(tf.sub(-1, size)));
  const hooks: DynaParts["hooks"] = {
    reshapeTransition: ({ reward, penalty: u }) => ({
      reward,
      termination: tf.cast(tf.logicalNot(tf.lessEqual(u!, 1)), "float32"),
    }),
  };
  const { facts } = await trainDyna(contextOf(memoryRun()), { ...parts, penalty, hooks }, { ...options, updates: 1 });
  expect(facts.lastRollout).toMatchObject({ rolloutTerminations: 1 });
});

test("training from the data alone says that the model counts for nothing, but for an optimiser that mixes no rows", async () => {
  const notesOf = async (optimiser: typeof parts.optimiser, realRatio: number) => {
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    await trainDyna(contextOf(run), { ...parts, optimiser }, { ...options, realRatio, updates: 1 });
    return notes;
  };
  expect(await notesOf(parts.optimiser, 1)).toEqual([expect.stringMatching(/^realRatio 1: .*neither the model/)]);
  expect(await notesOf(parts.optimiser, 0.95)).toEqual([]);
  expect(await notesOf(createPpo(ppoOptions.parse({ hiddenSizes: [4] })), 1)).toEqual([]);
});
