import { d4rlReferenceSubject, loadFixture, transitionsSubject } from "@lowerbound/testing";
import { expect, it } from "vitest";
import { normalisedScore, referenceFor } from "../src/index.js";
import { fixture } from "./helpers.js";

const passed = { passed: true };

it("chooses the rows that public loaders choose", async () => {
  const checks = await transitionsSubject(await loadFixture(fixture("golden/transitions/rows-to-transitions.json")));
  expect(checks).toHaveLength(16);
  for (const check of checks) expect(check, check.name).toMatchObject(passed);
});

it("gives D4RL's normalised scores", async () => {
  const golden = await loadFixture(fixture("golden/scores/d4rl-reference.json"));
  for (const check of await d4rlReferenceSubject(golden)) expect(check, check.name).toMatchObject(passed);
});

it("knows the reference returns of every name in D4RL's table", async () => {
  const { manifest } = await loadFixture(fixture("golden/scores/d4rl-reference.json"));
  const table = Object.entries(manifest.reference_returns_low_high as Record<string, [number, number]>);
  expect(table.length).toBeGreaterThan(100);
  for (const [name, [random, expert]] of table) expect(referenceFor(name), name).toMatchObject({ random, expert });
});

it("finds a task behind Gymnasium's and Minari's names, and refuses others", () => {
  expect(normalisedScore("HalfCheetah-v5", 12135)).toBe(1);
  expect(normalisedScore("mujoco/hopper/medium-v0", -20.272305)).toBe(0);
  for (const file of ["pen-v0_demos_clipped", "pen-demos-v0-bc-combined", "door-v0_expert_clipped"]) {
    expect(referenceFor(file), file).toBeDefined();
  }
  for (const other of ["Pendulum-v1", "door-2026", "ant-farm", "hopper-bottling-line"]) {
    expect(referenceFor(other), other).toBeUndefined();
  }
  expect(() => normalisedScore("antelope-v0", 1)).toThrow(/no reference returns for "antelope-v0"[\s\S]*remedy/);
});
