import { ConfigError } from "@lowerbound/core";
import { expect, test } from "vitest";
import { createSac, sacOptions } from "../src/index.js";
import { targetEntropyOf } from "../src/sac/target-entropy.js";

const dimensions = { observation: 2, action: 3 };
const entropy = (options: object) => targetEntropyOf(dimensions, sacOptions.parse(options));

test("the entropy aimed at is -|A| in the box's own unit, whatever the box", () => {
  expect(entropy({})).toBe(-3);
  for (const maximumAction of [0.1, 0.4, 3]) {
    const uniform = 3 * Math.log(2 * maximumAction);
    expect(entropy({ maximumAction }) - uniform).toBeCloseTo(-3 - 3 * Math.log(2), 10);
  }
});

test("an entropy that the box cannot hold is refused, with both options", () => {
  expect(() => entropy({ targetEntropy: -3, maximumAction: 0.1 })).toThrow(ConfigError);
  expect(() => entropy({ targetEntropy: -3, maximumAction: 0.1 })).toThrow(/targetEntropy[\s\S]*maximumAction/);
  expect(() => entropy({ targetEntropy: 3 * Math.log(2) })).toThrow(ConfigError);
  expect(entropy({ targetEntropy: -5, maximumAction: 0.1 })).toBe(-5);
  // A fixed temperature aims at nothing.
  expect(entropy({ targetEntropy: 5, temperature: 0.2 })).toBe(5);
});

test("SAC refuses such an entropy when it is asked about the log, before anything is fitted", () => {
  const log = { ...dimensions, name: "log", layout: "none", episodes: 3, steps: 30, heldOut: 0, fingerprint: "f" };
  const ask = (options: object) => () =>
    createSac(sacOptions.parse(options)).check?.({ ...log, returns: { mean: 0, std: 0, min: 0, max: 0 } });
  expect(ask({ targetEntropy: 3 })).toThrow(ConfigError);
  expect(ask({})).not.toThrow();
});
