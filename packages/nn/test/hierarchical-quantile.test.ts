import { describe, expect, it } from "vitest";
import { hierarchicalQuantile } from "../src/index.js";

describe("the quantile over episodes", () => {
  it("each episode weighs the same, and too few are infinite", () => {
    // Weights 1/4 an episode: 1 (1/8), 2 (1/8), 3 (1/4), 10 (1/4).
    const episodes = [[1, 2], [3], [10]];
    expect(hierarchicalQuantile(episodes, 0.25)).toBe(2);
    expect(hierarchicalQuantile(episodes, 0.5)).toBe(3);
    expect(hierarchicalQuantile(episodes, 0.75)).toBe(10);
    expect(hierarchicalQuantile(episodes, 0.8)).toBe(Number.POSITIVE_INFINITY);
  });

  it("a score that is no number lies beyond all others, wherever it stands", () => {
    // Weights 1/6 each, and 1/6 left for the new episode.
    const episodes = [[5], [Number.NaN], [1], [2], [3]];
    expect(hierarchicalQuantile(episodes, 0.5)).toBe(3);
    expect(hierarchicalQuantile(episodes.toReversed(), 0.5)).toBe(3);
    expect(hierarchicalQuantile(episodes, 0.8)).toBe(Number.POSITIVE_INFINITY);
  });

  it("covers new episodes as often as it says", () => {
    let seed = 1;
    const uniform = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    // Episodes differ in level and in length.
    const episode = () => {
      const level = uniform() * 3;
      return Array.from({ length: 1 + Math.floor(uniform() * 20) }, () => level + uniform());
    };
    let covered = 0;
    const trials = 2000;
    for (let trial = 0; trial < trials; trial++) {
      const bound = hierarchicalQuantile(Array.from({ length: 19 }, episode), 0.8);
      const fresh = episode();
      covered += fresh[Math.floor(uniform() * fresh.length)]! <= bound ? 1 : 0;
    }
    // Standard error 0.009.
    expect(covered / trials).toBeGreaterThan(0.78);
    expect(covered / trials).toBeLessThan(0.88);
  });
});
