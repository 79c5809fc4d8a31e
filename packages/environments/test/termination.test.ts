import { join } from "node:path";
import { ConfigError, createPipeline, type Termination as TerminationRule } from "@lowerbound/core";
import { loadFixture, terminationSubject } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { hopperTermination, taskTermination, terminationFor } from "../src/index.js";

const NO_CONTEXT = {
  inject: () => {
    throw new Error("nothing to inject");
  },
  optional: () => undefined,
};

function ends(rule: TerminationRule, ...rows: number[][]): boolean[] {
  return tf.tidy(() => {
    const nextObservation = tf.tensor2d(rows);
    const flags = rule.terminated({
      observation: nextObservation,
      action: tf.zeros([rows.length, 1]),
      nextObservation,
    });
    expect(flags.shape).toEqual([rows.length]);
    expect(flags.dtype).toBe("bool");
    return Array.from(flags.dataSync(), (flag) => flag === 1);
  });
}

test("the public rules' golden values", async () => {
  const checks = await terminationSubject(
    await loadFixture(join(import.meta.dirname, "fixtures/scores/termination.json")),
  );
  expect(checks).toHaveLength(13);
  for (const { name, passed, detail } of checks) expect(passed, `${name} ${detail}`).toBe(true);
});

describe("hopper's two rules", () => {
  const standing = [1.2, 0, 0, 0];
  const low = [1.2, 0, 0, -150];
  const high = [1.2, 0, 0, 150];

  test("the intended one bounds entries on both sides", () => {
    const rule = hopperTermination.create({ publicRule: false }, NO_CONTEXT);
    expect(ends(rule, standing, low, high, [0.7, 0, 0, 0])).toEqual([false, true, true, true]);
  });

  test("the public one above only", () => {
    const rule = hopperTermination.create({ publicRule: true }, NO_CONTEXT);
    expect(ends(rule, standing, low, high)).toEqual([false, false, true]);
  });
});

/** An observation of its task's length that begins so. */
const row = (length: number, ...first: number[]): number[] => [...first, ...new Array(length - first.length).fill(0)];

describe("the rule of a task", () => {
  test.each(["Hopper-v5", "hopper-medium-replay-v2", "mujoco/hopper/medium-v0", "hopper"])("%s is hopper's", (name) => {
    expect(ends(terminationFor(name), row(11, 1.2), row(11, 0.6))).toEqual([false, true]);
  });

  test("a task that never ends goes on even without numbers", () => {
    expect(ends(terminationFor("Pendulum-v1"), [Number.NaN, 0, 0], [1, 0, 8])).toEqual([false, false]);
  });

  test.each([
    "InvertedPendulum-v5",
    "inverted-pendulum",
    "inverted-pendulum-medium-v2",
    "inverted_pendulum.hdf5",
    "mujoco/inverted-pendulum/medium-v0",
  ])("%s is the inverted pendulum's", (name) => {
    expect(ends(terminationFor(name), [0, 0.19, 0, 0], [0, -0.21, 0, 0])).toEqual([false, true]);
  });

  test.each([
    "inverted-double-pendulum",
    "InvertedDoublePendulum-v5",
    "double-pendulum-v0",
    "antmaze-umaze-v2",
    "kitchen-mixed-v0",
    "constant-v0",
    "",
  ])("%s has none", (name) => {
    expect(() => terminationFor(name)).toThrow(ConfigError);
  });

  test.each([
    // With the position along x, from options of these environments.
    ["Hopper-v5", 12],
    ["Walker2d-v5", 18],
    ["Ant-v5", 29],
    ["dm_control/hopper-hop-v0", 15],
    ["walker2d-bullet", 22],
    ["ant-maze", 29],
  ])("%s with observations of length %i is refused, with the remedy", (name, length) => {
    expect(() => ends(terminationFor(name), row(length))).toThrow(/termination.type: .*length \d+[\s\S]*"never"/);
  });

  test.each([
    ["Ant-v5", 105],
    ["ant-medium-v2", 111],
    ["Ant-v4", 27],
    ["Humanoid-v5", 348],
    ["Humanoid-v4", 376],
    // Of v5, without the inertias of its parts.
    ["Humanoid-v5", 218],
  ])("%s with observations of length %i has its rule", (name, length) => {
    expect(ends(terminationFor(name), row(length, 0), row(length, 1))).toEqual([true, false]);
  });

  test("HalfCheetah's looks at every entry, and takes any number of them", () => {
    expect(ends(terminationFor("HalfCheetah-v5"), row(18, 0), row(18, 101))).toEqual([false, true]);
  });

  test("humanoid-standup is not Humanoid, and never ends", () => {
    for (const name of ["humanoid-standup", "HumanoidStandup-v5"])
      expect(ends(terminationFor(name), row(348, 0.3))).toEqual([false]);
  });

  test("the component asks for the dataset's environment, or takes the configured one", () => {
    const open = taskTermination.create({}, NO_CONTEXT);
    expect(ends(open.for!("walker2d-medium-v2"), row(17, 2.1))).toEqual([true]);
    expect(() => open.for!(undefined)).toThrow(/termination\.environment[\s\S]*remedy: .*--termination never/);
    const fixed = taskTermination.create({ environment: "HalfCheetah-v5" }, NO_CONTEXT);
    expect(ends(fixed, row(17, 2.1))).toEqual([false]);
    expect(ends(fixed.for!("walker2d-medium-v2"), row(17, 2.1))).toEqual([false]);
  });
});

test("a pipeline refuses a misspelt option of a rule", () => {
  // @ts-expect-error misspelt on purpose
  const make = () => createPipeline([hopperTermination], { termination: { type: "hopper", publicRul: true } });
  expect(make).toThrow(/publicRul/);
});
