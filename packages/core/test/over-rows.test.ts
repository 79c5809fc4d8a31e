import { type CompiledProgram, float32, overRows, Random, type TypedArray } from "@lowerbound/core";
import { describe, expect, it } from "vitest";

/** Sums each row of two columns, four rows at once, and keeps what it was given. */
function rowSums(): { readonly compiled: CompiledProgram; readonly seen: Record<string, TypedArray>[] } {
  const seen: Record<string, TypedArray>[] = [];
  const program = {
    name: "row-sums",
    state: {},
    inputs: { pairs: float32(4, 2) },
    noise: { shift: { distribution: "normal" as const, shape: [4] } },
    fn: () => ({}),
  };
  const run: CompiledProgram["run"] = async (_, inputs) => {
    seen.push(inputs);
    const { pairs } = inputs;
    const data = Float32Array.from({ length: 4 }, (__, row) => pairs![2 * row]! + pairs![2 * row + 1]!);
    return { sums: { ...float32(4), data } };
  };
  return { compiled: { program, outputs: {}, run, dispose: async () => {} }, seen };
}

describe("overRows", () => {
  it("joins blocks of the program's size; the last one is filled up with zeros and cut", async () => {
    const { compiled, seen } = rowSums();
    const pairs = Float32Array.from({ length: 12 }, (_, index) => index);
    const { sums } = await overRows(compiled, new Map(), { inputs: { pairs }, count: 6 });
    expect([...sums!]).toEqual([1, 5, 9, 13, 17, 21]);
    expect([...seen[1]!.pairs!]).toEqual([8, 9, 10, 11, 0, 0, 0, 0]);
  });

  it("draws fresh noise for every block", async () => {
    const { compiled, seen } = rowSums();
    await overRows(compiled, new Map(), {
      inputs: { pairs: new Float32Array(16) },
      count: 8,
      random: Random.fromSeed(1),
    });
    expect(seen[0]!.shift).toHaveLength(4);
    expect(seen[0]!.shift).not.toEqual(seen[1]!.shift);
  });

  it("stops between blocks when it is told to", async () => {
    const { compiled, seen } = rowSums();
    const signal = AbortSignal.abort(new Error("enough"));
    const job = { inputs: { pairs: new Float32Array(16) }, count: 8, signal };
    await expect(overRows(compiled, new Map(), job)).rejects.toThrow("enough");
    expect(seen).toHaveLength(0);
  });
});
