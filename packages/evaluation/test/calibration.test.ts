import { Random } from "@lowerbound/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calibratePenalty,
  calibrationSchema,
  coverageOf,
  coveringCoefficient,
  intervalCoverage,
  logVarianceSaturation,
  multimodality,
  normalCdf,
  probabilityIntegral,
  reliabilityOf,
} from "../src/index.js";

const normals = (count: number, seed: number): Float64Array =>
  Float64Array.from(Random.fromSeed(seed).normal(new Float32Array(count)));

describe("predicted distributions", () => {
  it("the normal distribution's values", () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 8);
    expect(normalCdf(1.959963985)).toBeCloseTo(0.975, 6);
    expect(normalCdf(-1)).toBeCloseTo(0.158655254, 6);
  });

  it("a mixture's level at a target is the mean of its members'", () => {
    const prediction = { members: 2, rows: 1, dims: 1, mean: [0, 2], logVar: [0, Math.log(4)] };
    const [level] = probabilityIntegral(prediction, [1]);
    expect(level).toBeCloseTo((0.841344746 + 0.308537539) / 2, 6);
  });

  it.each([
    [1, [0.5, 0.9]],
    // Twice too wide: |z| < 1.349 and |z| < 3.29.
    [2, [0.8226, 0.999]],
    // Half as wide as the truth.
    [0.5, [0.2641, 0.5892]],
  ] as const)("intervals %d times as wide as the truth", (width, expected) => {
    const rows = 40_000;
    const prediction = {
      members: 1,
      rows,
      dims: 1,
      mean: new Float64Array(rows),
      logVar: new Float64Array(rows).fill(2 * Math.log(width)),
    };
    const covered = intervalCoverage(probabilityIntegral(prediction, normals(rows, 2)), [0.5, 0.9]);
    expect(covered.map(({ level }) => level)).toEqual([0.5, 0.9]);
    for (const [k, { covered: share }] of covered.entries()) expect(Math.abs(share - expected[k]!)).toBeLessThan(0.01);
  });

  it("counts log-variances within a tenth of a nat of each member's bounds", () => {
    const prediction = { members: 2, rows: 1, dims: 2, mean: [], logVar: [-4.95, 0, 0.45, -4.95] };
    const bounds = { minimum: [-5, -5, -5, -6], maximum: [0.5, 0.5, 0.5, 0.5] };
    expect(logVarianceSaturation(prediction, bounds)).toEqual({ atMinimum: 0.25, atMaximum: 0.25 });
  });
});

describe("whether one Gaussian suffices", () => {
  it("for normal residuals, and for heavy tails of one centre: no two humps", () => {
    expect(multimodality(normals(4000, 5)).multimodal).toBe(false);
    const [values, scales] = [normals(4000, 6), normals(4000, 7)];
    const heavy = multimodality(values.map((value, i) => value * Math.exp(scales[i]!)));
    expect(heavy.gain).toBeGreaterThan(0.3);
    expect(heavy.separation).toBeLessThan(1);
    expect(heavy.multimodal).toBe(false);
  });

  it("for a coin between two places: no, and it says where", () => {
    const coin = normals(4000, 9);
    const values = normals(4000, 8).map((value, i) => 0.2 * value + (coin[i]! < -0.5244 ? -1 : 1));
    const { gain, separation, share, multimodal } = multimodality(values);
    expect(multimodal).toBe(true);
    // Two humps of +-1 and standard deviation 0.2, the smaller with 30 %.
    expect(separation).toBeCloseTo(5, 0);
    expect(share).toBeCloseTo(0.3, 1);
    expect(gain).toBeGreaterThan(0.5);
  });
});

describe("a penalty against the true error", () => {
  const group = Int32Array.from({ length: 8 }, (_, i) => i >> 1);
  const u = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const error = Float64Array.of(2, 2, 2, 2, 10, 2, 2, 2);

  it("by hand", () => {
    const found = calibratePenalty({ u, error, group }, { level: 0.6, bins: 2 });
    expect(found).toMatchObject({ rows: 8, meanPenalty: 4.5, meanError: 3, coverage: 6 / 8 });
    // Scaled by 2 / 3: 3 and more covers 2, 5 does not cover 10.
    expect(found.coverageAtEqualMean).toBe(5 / 8);
    expect(found.reliability).toEqual([
      { rows: 4, meanPenalty: 2.5, meanError: 2, coverage: 0.75 },
      { rows: 4, meanPenalty: 6.5, meanError: 4, coverage: 0.75 },
    ]);
    // Groups 0 and 2 calibrate: ratios 2, 1, 2, 1/3, each of weight 1/6, which reach 0.6 with the last; 1 and 3 check.
    expect(found.conformal).toEqual({ level: 0.6, scale: 2, covered: 1 });
  });

  it("has no conformal scale at a high level, nor a rank correlation without variation", () => {
    const found = calibratePenalty({ u: u.map(() => 1), error, group }, { level: 0.99, bins: 20 });
    expect(found.conformal).toEqual({ level: 0.99, scale: null, covered: null });
    expect(found.rankCorrelation).toBeNull();
    expect(found.reliability).toHaveLength(8);
  });

  it("weighs each calibrating group the same, however many rows it has", () => {
    // Groups 0 and 2 calibrate: four rows of ratio 1, and one of ratio 3 that weighs as much as those together.
    const uneven = Int32Array.of(0, 0, 0, 0, 1, 2);
    const ones = new Float64Array(6).fill(1);
    const errors = Float64Array.of(1, 1, 1, 1, 2, 3);
    const at = (level: number) => calibratePenalty({ u: ones, error: errors, group: uneven }, { level, bins: 1 });
    expect(at(1 / 3).conformal).toEqual({ level: 1 / 3, scale: 1, covered: 0 });
    expect(at(0.6).conformal).toEqual({ level: 0.6, scale: 3, covered: 1 });
  });

  it("has no conformal scale from few groups, however many rows they have", () => {
    // Nine groups calibrate at 0.9; the rows of one tell nothing of another.
    const rows = (groups: number) => ({
      u: new Float64Array(20 * groups).fill(1),
      error: new Float64Array(20 * groups).fill(2),
      group: Int32Array.from({ length: 20 * groups }, (_, row) => Math.floor(row / 20)),
    });
    expect(calibratePenalty(rows(16), { level: 0.9, bins: 1 }).conformal.scale).toBeNull();
    expect(calibratePenalty(rows(17), { level: 0.9, bins: 1 }).conformal.scale).toBe(2);
  });

  const pairs = fc.array(
    fc.tuple(fc.double({ min: 0.01, max: 10, noNaN: true }), fc.double({ min: 1e-6, max: 10, noNaN: true })),
    {
      minLength: 2,
      maxLength: 60,
    },
  );

  it("covers more the more it is scaled, and as much as promised on the calibration rows themselves", () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (rows, level) => {
        const us = rows.map(([a]) => a);
        const errors = rows.map(([, b]) => b);
        expect(coverageOf(us, errors, 2)).toBeGreaterThanOrEqual(coverageOf(us, errors, 1));
        const scale = coveringCoefficient({ u: us, error: errors, episodes: rows.map((_, row) => [row]) }, level);
        if (Number.isFinite(scale)) {
          expect(coverageOf(us, errors, scale * (1 + 1e-12))).toBeGreaterThanOrEqual(level);
        }
      }),
    );
  });

  it("bins hold every row once, in order of the penalty", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 12 }), (rows, bins) => {
        const found = reliabilityOf(
          Float64Array.from(rows, ([a]) => a),
          Float64Array.from(rows, ([, b]) => b),
          bins,
        );
        expect(found.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
        const means = found.map(({ meanPenalty }) => meanPenalty);
        expect(means.every((value, k) => k === 0 || value >= means[k - 1]! - 1e-12)).toBe(true);
      }),
    );
  });
});

it("the report's schema refuses shares beyond 1 and other versions", () => {
  const model = {
    rows: 1,
    heldOut: "rows",
    oneStep: { normalised: 0.1, perDimension: [] },
    kStep: [],
    coverage: [{ level: 0.9, covered: 0.8 }],
    saturation: null,
    multimodality: [],
  };
  const report = { version: 1, model, penalties: [], refused: [] };
  expect(calibrationSchema.parse(report)).toEqual(report);
  expect(calibrationSchema.safeParse({ ...report, version: 2 }).success).toBe(false);
  const broken = { ...model, coverage: [{ level: 0.9, covered: 1.2 }] };
  expect(calibrationSchema.safeParse({ ...report, model: broken }).success).toBe(false);
});
