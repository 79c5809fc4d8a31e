import { expect, it } from "vitest";
import { boundOf } from "../src/certificates/continuous/bound-of.js";
import { transitions } from "./line-certificate.js";

/** One imagined episode, of 1 a step at a discount of 0.5, that is still going after two steps. */
const sums = {
  returns: Float64Array.of(1.5),
  penalties: Float64Array.of(0),
  remaining: Float64Array.of(0.25),
  beyond: 0,
};

const bounded = (reward: number) => {
  const rewards = new Float32Array(transitions.count).fill(reward);
  const endless = new Uint8Array(transitions.count);
  const options = { discount: 0.5, repetitions: 10, confidence: 0.95 };
  const log = { ...transitions, rewards, terminations: endless };
  return boundOf({ sums, coefficient: 1, transitions: log, options, seed: 0 });
};

it("a log that never ends does not prove that episodes cannot: no step after the horizon counts as paying more than 0", () => {
  const { bound, floor, tail } = bounded(1);
  expect({ floor, tail }).toEqual({ floor: 0, tail: 0 });
  expect(bound).toMatchObject({ value: 1.5, least: 0, vacuous: false });
});

it("a negative reward is counted on for ever", () => {
  const { bound, floor, tail } = bounded(-1);
  expect({ floor, tail }).toEqual({ floor: -1, tail: -0.5 });
  expect(bound).toMatchObject({ value: 1, least: -2, vacuous: false });
});
