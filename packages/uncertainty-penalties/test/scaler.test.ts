import { expect, it } from "vitest";
import { standardRows } from "../src/scaler.js";

it("leaves an entry that is constant in its own unit, about its mean", () => {
  const count = 20_000;
  const { rows, scaler } = standardRows({
    observation: 1,
    action: 1,
    count,
    observations: new Float32Array(count).fill(100.1),
    actions: Float32Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 3 : -1)),
    nextObservations: new Float32Array(count),
    rewards: new Float32Array(count),
    terminations: new Uint8Array(count),
    episodeStarts: Int32Array.of(0, count),
  });
  expect([...scaler.inputStd!.data]).toEqual([1, 2]);
  expect([...rows.subarray(0, 4)]).toEqual([0, 1, 0, -1]);
});
