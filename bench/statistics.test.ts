import { expect, it } from "vitest";
import { compare } from "./compare.js";
import type { Side } from "./sides.js";
import { median, rounded } from "./statistics.js";
import { findWork, type Work, works } from "./works.js";

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])("takes the median of %j", (values, expected) => {
  expect(median(values)).toBe(expected);
});

it("rounds to four digits", () => {
  expect(rounded(47123.4)).toBe(47120);
});

function side(name: Side["name"], values: readonly number[], log: string[], limit?: number): Side {
  const left = [...values];
  return {
    name,
    measure: async (work) => {
      log.push(`${name} ${work.name}`);
      return { value: left.shift() ?? Number.NaN, ...(limit !== undefined && { limit }) };
    },
  };
}

it("interleaves the rounds and divides the medians", async () => {
  const work: Work = { name: "rollout-custom-penalty", unit: "transitions/s", baseline: "rollout" };
  const log: string[] = [];
  const sides = [
    side("ours", [90, 60, 80], log, 160),
    side("builtIn", [100, 80, 30], log, 1),
    side("torch", [40, 39, 41], log),
    side("jax", [50, 60, 10], log),
  ];
  expect(await compare(work, sides, 3, 2)).toEqual({
    work: "rollout-custom-penalty",
    unit: "transitions/s",
    ours: 80,
    builtIn: 80,
    ofBuiltIn: 1,
    torch: 40,
    ratio: 2,
    jax: 50,
    ratioJax: 1.6,
    limit: 160,
    ofLimit: 0.5,
    rounds: 3,
    threads: 2,
  });
  expect(log.slice(0, 5)).toEqual([
    "ours rollout-custom-penalty",
    "builtIn rollout-custom-penalty",
    "torch rollout-custom-penalty",
    "jax rollout-custom-penalty",
    "ours rollout-custom-penalty",
  ]);
});

it("knows the works of the baselines by name", () => {
  expect(works.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["sac", "cql", "ensemble", "rollout", "tt", "plan"]),
  );
  expect(() => findWork("sca")).toThrow("sca");
});
