import { DataError, Random } from "@lowerbound/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  averageProfile,
  centralInterval,
  correlation,
  interquartileMean,
  meanScore,
  medianScore,
  optimalityGap,
  pairedInterval,
  performanceProfile,
  probabilityOfImprovement,
  quantile,
  rankCorrelation,
  ranks,
  regretAtOne,
  scoresOf,
  stratifiedBand,
  stratifiedInterval,
  unitInterval,
} from "../src/index.js";

// Two tasks of four runs.
const scores = scoresOf([
  [0.1, 0.4, 0.2, 0.9],
  [0.5, 0.3, 2, 0.6],
]);

describe("by hand", () => {
  it("aggregates", () => {
    // Sorted: 0.1 0.2 | 0.3 0.4 0.5 0.6 | 0.9 2
    expect(interquartileMean(scores)).toBeCloseTo(0.45, 14);
    expect(meanScore(scores)).toBeCloseTo(0.625, 14);
    expect(medianScore(scores)).toBeCloseTo(0.625, 14);
    expect(optimalityGap(scores)).toBeCloseTo(0.5, 14);
    expect(optimalityGap(scores, 0.5)).toBeCloseTo(0.5 - 3 / 8, 14);
  });

  it("profiles count what lies strictly above a level", () => {
    expect([...performanceProfile(scores, [0, 0.4, 1, 2])]).toEqual([1, 0.5, 0.125, 0]);
    expect([...averageProfile(scores, [0.3, 0.4, 0.85])]).toEqual([1, 0.5, 0]);
  });

  it("probability of improvement: pairs won, ties half, task by task", () => {
    const x = scoresOf([
      [1, 2],
      [5, 5],
    ]);
    const y = scoresOf([
      [1, 1.5, 3],
      [5, 4, 4],
    ]);
    // Task 0: 0.5 of 3 for 1, 2 of 3 for 2; task 1: 2.5 of 3 for each.
    expect(probabilityOfImprovement(x, y)).toBeCloseTo((2.5 / 6 + 5 / 6) / 2, 14);
    expect(() => probabilityOfImprovement(x, scoresOf([[1]]))).toThrow(DataError);
  });

  it("quantiles are linear between neighbours", () => {
    expect(quantile([3, 1, 2], 0.25)).toBe(1.5);
    expect(quantile([Infinity, 1, 2], 0.5)).toBe(2);
    expect(centralInterval([0, 1, 2, 3, 4], 0.5)).toEqual({ low: 1, high: 3 });
  });

  it("ranks share ties; correlations; regret of the choice", () => {
    expect([...ranks([10, 20, 10, 5])]).toEqual([2.5, 4, 2.5, 1]);
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 14);
    // Differences of ranks 0, 1, 1, 0: 1 - 6 * 2 / (4 * 15).
    expect(rankCorrelation([1, 2, 3, 4], [10, 30, 20, 40])).toBeCloseTo(0.8, 14);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(regretAtOne([0.2, 0.9, 0.5], [10, 7, 12])).toBe(5);
  });

  it("refuses tasks with different runs, and scores that are no numbers", () => {
    expect(() => scoresOf([[1, 2], [1]])).toThrow("expected: 2, as the first task has");
    expect(() => scoresOf([])).toThrow(DataError);
    expect(() => scoresOf([[Number.NaN]])).toThrow("scores[0][0]");
  });
});

describe("properties", () => {
  const columns = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 })).chain(([runs, tasks]) =>
    fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: runs, maxLength: runs }), {
      minLength: tasks,
      maxLength: tasks,
    }),
  );

  it("an interquartile mean lies within the scores and moves with them", () => {
    fc.assert(
      fc.property(columns, fc.double({ min: -3, max: 3, noNaN: true }), (tasks, shift) => {
        const own = scoresOf(tasks);
        const iqm = interquartileMean(own);
        const all = tasks.flat();
        expect(iqm).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12);
        expect(iqm).toBeLessThanOrEqual(Math.max(...all) + 1e-12);
        const moved = scoresOf(tasks.map((task) => task.map((score) => score + shift)));
        expect(interquartileMean(moved)).toBeCloseTo(iqm + shift, 9);
      }),
    );
  });

  it("improvement of x over y and of y over x sum to one, also resampled", () => {
    fc.assert(
      fc.property(columns, columns, (a, b) => {
        const tasks = Math.min(a.length, b.length);
        const [x, y] = [scoresOf(a.slice(0, tasks)), scoresOf(b.slice(0, tasks))];
        expect(probabilityOfImprovement(x, y) + probabilityOfImprovement(y, x)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("a rank correlation does not change when either side is stretched monotonically", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -100, max: 100 }), { minLength: 3, maxLength: 20 }), (values) => {
        const other = values.map((value, i) => value + 30 * (i % 3));
        const before = rankCorrelation(values, other);
        expect(rankCorrelation(values.map(Math.atan), other)).toBeCloseTo(before, 12);
        expect(Math.abs(before)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe("bootstrap intervals", () => {
  const random = Random.fromSeed(3);
  const draws = (count: number, mean: number): number[] =>
    [...random.normal(new Float32Array(count))].map((value) => mean + value);

  it("cover the mean of a known distribution about as often as they say", () => {
    const trials = 300;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = draws(40, 1);
      const figure = (picks: Int32Array) => picks.reduce((sum, pick) => sum + sample[pick]!, 0) / picks.length;
      const { low, high } = unitInterval(40, figure, {
        random: random.stream(`trial ${trial}`),
        repetitions: 300,
        confidence: 0.9,
      });
      if (low <= 1 && 1 <= high) covered++;
    }
    // The standard error of the share is 0.017; percentile intervals of 40 draws fall a little short.
    expect(covered / trials).toBeGreaterThan(0.83);
    expect(covered / trials).toBeLessThan(0.95);
  });

  it.each([
    [{ repetitions: 0 }, /repetitions is 0[\s\S]*at least 1/],
    [{ repetitions: 2.5 }, /repetitions is 2\.5/],
    [{ confidence: 95 }, /confidence is 95[\s\S]*such as 0\.95/],
    [{ confidence: Number.NaN }, /confidence is NaN/],
  ])("are refused for %j", (wrong, message) => {
    const options = { random: Random.fromSeed(0), repetitions: 50, confidence: 0.95, ...wrong };
    expect(() => stratifiedInterval(scores, meanScore, options)).toThrow(message);
    expect(() => stratifiedBand(scores, (drawn) => [meanScore(drawn)], options)).toThrow(message);
    expect(() => pairedInterval(scores, scores, probabilityOfImprovement, options)).toThrow(message);
  });

  it("are strata by strata: tasks without spread give no interval, however they differ", () => {
    const flat = scoresOf([
      [1, 1, 1],
      [100, 100, 100],
    ]);
    const options = { random: Random.fromSeed(0), repetitions: 50, confidence: 0.95 };
    expect(stratifiedInterval(flat, meanScore, options)).toEqual({ low: 50.5, high: 50.5 });
  });

  it("are the same for the same random state, and widen with confidence", () => {
    const of = (confidence: number) =>
      stratifiedInterval(scores, interquartileMean, { random: Random.fromSeed(5), repetitions: 200, confidence });
    expect(of(0.9)).toEqual(of(0.9));
    expect(of(0.99).low).toBeLessThanOrEqual(of(0.5).low);
    expect(of(0.99).high).toBeGreaterThanOrEqual(of(0.5).high);
  });

  it("of several figures together are those of each alone, on the same resamples", () => {
    const options = () => ({ random: Random.fromSeed(3), repetitions: 100, confidence: 0.9 });
    const levels = [-1, 0, 1];
    const alone = levels.map((level) =>
      stratifiedInterval(scores, (drawn) => performanceProfile(drawn, [level])[0]!, options()),
    );
    expect(stratifiedBand(scores, (drawn) => performanceProfile(drawn, levels), options())).toEqual(alone);
  });

  it("of two methods hold the probability of improvement", () => {
    const better = scoresOf([draws(20, 3), draws(20, 3)]);
    const worse = scoresOf([draws(15, 0), draws(15, 0)]);
    const options = { random: Random.fromSeed(7), repetitions: 200, confidence: 0.95 };
    const { low, high } = pairedInterval(better, worse, probabilityOfImprovement, options);
    // P(N(3, 1) > N(0, 1)) = Phi(3 / sqrt 2) = 0.983
    expect(low).toBeGreaterThan(0.9);
    expect(high).toBeLessThanOrEqual(1);
  });
});
