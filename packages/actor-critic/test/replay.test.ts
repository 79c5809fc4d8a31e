import { Random } from "@lowerbound/core";
import { describe, expect, it } from "vitest";
import {
  createRingBuffer,
  createSampler,
  emptyRows,
  fitNormaliser,
  normalise,
  type ReplayRows,
  realRows,
} from "../src/index.js";

const dimensions = { observation: 2, action: 1 };

/** Rows whose every entry tells where they come from. */
function numbered(count: number, from: number): ReplayRows {
  const rows = emptyRows(dimensions, count);
  for (let k = 0; k < count; k++) {
    rows.observations.set([from + k, -(from + k)], 2 * k);
    rows.nextObservations.set([from + k + 0.5, 0], 2 * k);
    rows.actions[k] = 10 * (from + k);
    rows.rewards[k] = 100 * (from + k);
    rows.terminations[k] = (from + k) % 2;
  }
  return rows;
}

describe("a ring buffer", () => {
  it("overwrites its oldest rows, across its end too", () => {
    const buffer = createRingBuffer(dimensions, 5);
    buffer.add(numbered(4, 0), 4);
    buffer.add(numbered(9, 4), 3);
    expect([buffer.pointer(), buffer.size()]).toEqual([2, 5]);
    expect([...buffer.rows.rewards]).toEqual([500, 600, 200, 300, 400]);
    expect([...buffer.rows.observations]).toEqual([5, -5, 6, -6, 2, -2, 3, -3, 4, -4]);
  });

  it("goes on at a slot", () => {
    const buffer = createRingBuffer(dimensions, 5);
    buffer.seek(4, 3);
    buffer.add(numbered(2, 7), 2);
    expect([buffer.pointer(), buffer.size()]).toEqual([1, 5]);
    expect([...buffer.rows.rewards]).toEqual([800, 0, 0, 0, 700]);
  });
});

describe("rows of the dataset in a batch", () => {
  it("are the share rounded down, but for what floating point loses", () => {
    const whole = [
      [256, 0.05, 12],
      [256, 0.5, 128],
      [100, 0.29, 29],
      [100, 0.57, 57],
      [100, 0.575, 57],
      [10, 1, 10],
      [16, 0, 0],
    ] as const;
    for (const [batch, ratio, rows] of whole) expect(realRows(batch, ratio)).toBe(rows);
  });

  it("are refused where a share comes to none", () => {
    expect(() => realRows(16, 0.05)).toThrow(/realRatio 0.05 has no row[\s\S]*batchSize/);
  });
});

describe("a sampler", () => {
  it("takes the first rows from the data and the others from the model's valid rows", () => {
    const real = realRows(10, 0.39);
    expect(real).toBe(3);
    const sample = createSampler(dimensions, { batch: 10, real });
    const batch = sample(Random.fromSeed(1), numbered(4, 0), numbered(50, 1000), 6);
    expect([...batch.fromData]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    for (let row = 0; row < 10; row++) {
      const id = batch.observation[2 * row]!;
      expect(id).toBeGreaterThanOrEqual(row < 3 ? 0 : 1000);
      expect(id).toBeLessThan(row < 3 ? 4 : 1006);
      expect(batch.reward[row]).toBe(100 * id);
      expect(batch.action[row]).toBe(10 * id);
      expect(batch.nextObservation[2 * row]).toBe(id + 0.5);
      expect(batch.termination[row]).toBe(id % 2);
    }
  });
});

it("normalises observations by mean and spread, spread raised by 0.001, and leaves constants in their own unit", () => {
  const scale = fitNormaliser(Float32Array.of(1, 5, 3, 5), 2);
  expect([...scale.mean]).toEqual([2, 5]);
  expect(scale.std[0]).toBeCloseTo(1.001, 6);
  expect(scale.std[1]).toBeCloseTo(1.001, 6);
  expect(normalise(Float32Array.of(3.001, 5), scale)[0]).toBeCloseTo(1, 6);
  // Rounding of a mean is no spread.
  expect(fitNormaliser(new Float32Array(20_000).fill(100.1), 1).std[0]).toBeCloseTo(1.001, 6);
});
