import { Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import {
  checkCoefficient,
  coveringCoefficient,
  episodesFor,
  type MeasuredRows,
  meanCoefficient,
  rowErrors,
  type SampledRows,
  sampleDistances,
  sumsToEnd,
  valueErrors,
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
    rewards: Float32Array.of(1, 1, 1),
    terminations: Uint8Array.of(0, 0, 1),
    episode: Int32Array.of(0, 0, 1),
    step: Int32Array.of(0, 1, 0),
  };
  // Two samples a row: near and far; one terminal and not; both terminal as the truth is.
  const sampled: SampledRows = {
    samples: 2,
    nextObservations: { rows: 6, columns: 1, data: Float32Array.of(1.5, 0, 2, 3, 3, 4) },
    ended: Uint8Array.of(0, 0, 1, 0, 1, 1),
    rewards: Float64Array.of(1.5, 1, 0.75),
  };

  const distance = Float64Array.of(0.5, 1, 0, 1, 0, 1);

  it("distances: of each sample from what came, a dimension over its spread", () => {
    expect([...sampleDistances(rows, sampled, [2])]).toEqual([...distance.map((each) => each / 2)]);
    const apart = { rows: 1, columns: 2, data: Float32Array.of(4, 6) };
    const two = { ...rows, observation: 2, nextObservations: Float32Array.of(1, 2) };
    expect([...sampleDistances(two, { ...sampled, samples: 1, nextObservations: apart }, [1, 1])]).toEqual([5]);
  });

  it("slopes: value over distance, none at terminal states or between one point", () => {
    const slopes = valueSlopes(
      { rows, sampled, distance },
      {
        came: Float64Array.of(10, 20, 0),
        sampled: Float64Array.of(11, 7, 0, 18, 0, 0),
      },
    );
    expect([...slopes]).toEqual([2, 3, Number.NaN, 2, Number.NaN, Number.NaN]);
  });

  it("errors: reward + discount x (lipschitz x distance, or the largest value where one alone ended)", () => {
    const errors = rowErrors({ rows, sampled, distance }, { discount: 0.5, lipschitz: 4, largestValue: 100 });
    // 0.5 + 0.5 (2 + 4) / 2; 0.5 (100 + 4) / 2; 0.25 + 0.
    expect([...errors]).toEqual([2, 26, 0.25]);
  });

  it("errors in one value, with their sign: too much reward + discount x too much mean value of the samples", () => {
    const values = { came: Float64Array.of(10, 20, 0), sampled: Float64Array.of(11, 7, 0, 18, 0, 0) };
    // 0.5 + 0.5 (9 - 10); 0.5 (9 - 20); -0.25 + 0: samples on both sides of the truth make up for each other.
    expect([...valueErrors({ rows, sampled, values }, 0.5)]).toEqual([0, -5.5, -0.25]);
  });

  it("sums to the end of each episode, where errors of either sign make up for each other", () => {
    const episode = Int32Array.of(0, 0, 0, 1, 1);
    expect([...sumsToEnd([4, -8, 2, 1, 3], { episode }, 0.5)]).toEqual([0.5, -7, 2, 2.5, 3]);
  });

  describe("the coefficient that covers on average", () => {
    const resampling = (confidence: number) => ({ random: Random.fromSeed(1), repetitions: 2000, confidence });
    // Two episodes: 10 of error on 4 of u, and 2 on 2.
    const rows = { u: [1, 1, 1, 1, 2], error: [1, 2, 3, 4, 2], episodes: [[0, 1, 2, 3], [4]] };

    it("is a quantile of the ratio of sums: of two episodes 1 in a quarter, 2 in a half, 2.5 in a quarter", () => {
      expect(meanCoefficient(rows, resampling(0.1))).toBe(1);
      expect(meanCoefficient(rows, resampling(0.5))).toBe(2);
      expect(meanCoefficient(rows, resampling(0.9))).toBe(2.5);
    });

    it("goes with the inverse of u, and is below what covers single rows", () => {
      const twice = { ...rows, u: rows.u.map((u) => 2 * u) };
      expect(meanCoefficient(twice, resampling(0.5))).toBe(1);
      expect(meanCoefficient(rows, resampling(0.6))).toBeLessThan(coveringCoefficient(rows, 0.6));
    });

    it("is not there where an error or u is not finite: what is left of the episodes tells nothing of that one", () => {
      const apart = { u: [1, 1, 1, 1], error: [1, 1, 1, 1], episodes: [[0], [1], [2], [3]] };
      expect(meanCoefficient(apart, resampling(0.9))).toBe(1);
      expect(meanCoefficient({ ...apart, error: [1, 1, 1, Number.NaN] }, resampling(0.9))).toBe(Infinity);
      expect(meanCoefficient({ ...apart, u: [1, 1, 1, Infinity] }, resampling(0.9))).toBe(Infinity);
    });

    it("costs nothing without errors, all there is without u, and is not there for one episode", () => {
      const none = [0, 0, 0, 0, 0];
      expect(meanCoefficient({ ...rows, error: none, u: none }, resampling(0.9))).toBe(0);
      expect(meanCoefficient({ ...rows, u: none }, resampling(0.9))).toBe(Infinity);
      expect(meanCoefficient({ ...rows, episodes: [[0, 1, 2]] }, resampling(0.9))).toBe(Number.NaN);
    });
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

  it.each([[[4, 2, 3, Number.NaN]], [[Number.NaN, 4, 2, 3]], [[4, Number.NaN, 2, 3]]])(
    "an error that is no number is covered by nothing, wherever it stands: %o",
    (error) => {
      const rows = { u: [1, 1, 1, 1], error, episodes: [[0], [1], [2], [3]] };
      // Weights 1/5 each, and 1/5 left for the new episode.
      expect(coveringCoefficient(rows, 0.4)).toBe(3);
      expect(coveringCoefficient(rows, 0.5)).toBe(4);
      expect(coveringCoefficient(rows, 0.7)).toBe(Infinity);
    },
  );

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
