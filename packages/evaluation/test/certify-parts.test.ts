import { describe, expect, it } from "vitest";
import {
  checkCoefficient,
  coveringCoefficient,
  episodesFor,
  type MeasuredRows,
  rowErrors,
  type SampledRows,
  valueSlopes,
} from "../src/index.js";

describe("parts of the continuous certificate, by hand", () => {
  const rows: MeasuredRows = {
    observation: 1,
    action: 1,
    count: 3,
    observations: new Float32Array(3),
    actions: new Float32Array(3),
    nextObservations: Float32Array.of(1, 2, 3),
    rewards: new Float32Array(3),
    terminations: Uint8Array.of(0, 0, 1),
    episode: Int32Array.of(0, 0, 1),
  };
  // Two samples a row: near and far; one terminal and not; both terminal as the truth is.
  const sampled: SampledRows = {
    samples: 2,
    nextObservations: { rows: 6, columns: 1, data: Float32Array.of(1.5, 0, 2, 3, 3, 4) },
    ended: Uint8Array.of(0, 0, 1, 0, 1, 1),
    distance: Float64Array.of(0.5, 1, 0, 1, 0, 1),
    rewardError: Float64Array.of(0.1, 0, 0.2),
  };

  it("slopes: value over distance, none at terminal states or between one point", () => {
    const slopes = valueSlopes(rows, sampled, {
      came: Float64Array.of(10, 20, 0),
      sampled: Float64Array.of(11, 7, 0, 18, 0, 0),
    });
    expect([...slopes]).toEqual([2, 3, Number.NaN, 2, Number.NaN, Number.NaN]);
  });

  it("errors: reward + discount x (lipschitz x distance, or the largest value where one alone ended)", () => {
    const errors = rowErrors(rows, sampled, { discount: 0.5, lipschitz: 4, largestValue: 100 });
    // 0.1 + 0.5 (2 + 4) / 2; 0.5 (100 + 4) / 2; 0.2 + 0.
    expect([...errors]).toEqual([1.6, 26, 0.2]);
  });

  it("the coefficient covers the level of a new episode, each episode counting once", () => {
    const u = [1, 1, 1, 1, 2];
    const error = [1, 2, 3, 4, 0];
    const episodes = [[0, 1, 2, 3], [4]];
    // Weights 1/12 each of the ratios 1 to 4, 1/3 of the ratio 0, and 1/3 left for the new episode.
    expect(coveringCoefficient({ u, error, episodes }, 1 / 3)).toBe(0);
    expect(coveringCoefficient({ u, error, episodes }, 0.5)).toBe(2);
    expect(coveringCoefficient({ u, error, episodes }, 2 / 3)).toBe(4);
    expect(coveringCoefficient({ u, error, episodes }, 0.7)).toBe(Infinity);
    expect(checkCoefficient({ u, error, episodes }, 2)).toEqual({
      covered: 0.6,
      meanPenalty: 2.4,
      meanError: 2,
      worstRatio: 2,
    });
    expect(coveringCoefficient({ u: [0], error: [1], episodes: [[0]] }, 0.1)).toBe(Infinity);
  });

  it.each([
    [0.5, 1],
    [0.9, 9],
    [0.95, 19],
  ])("a share of %d asks for %d episodes: with one fewer no coefficient is large enough", (level, wanted) => {
    expect(episodesFor(level)).toBe(wanted);
    const coefficient = (episodes: number) => {
      const ones = new Float64Array(episodes).fill(1);
      return coveringCoefficient({ u: ones, error: ones, episodes: Array.from(ones, (_, row) => [row]) }, level);
    };
    expect(coefficient(wanted)).toBe(1);
    expect(coefficient(wanted - 1)).toBe(Infinity);
  });
});
