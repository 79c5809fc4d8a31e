import { drawNoise, type NoiseSpec, type Random, sizeOf, type TypedArray } from "@lowerbound/core";
import { blocksOf } from "../blocks.js";

/** Rows that one call asks for, and what they are drawn from. */
export interface AskedRows {
  readonly rows: number;
  readonly random: Random;
}

type Noise = Readonly<Record<string, TypedArray>>;

/** Where the noise of a row lies. */
interface Place {
  readonly noise: Noise;
  readonly rows: number;
  readonly row: number;
}

/**
 * Noise of the rows of several calls, each drawn as if its call were asked alone: in its own blocks.
 *
 * `specOf` says the noise of so many rows, `axes` along which axis of each entry they lie. Gives noise of rows [from,
 * from + block) of all calls joined; what is missing repeats the last row.
 */
export function noiseOfCalls(
  calls: readonly AskedRows[],
  { specOf, axes, largest }: NoiseOptions,
): (from: number, block: number) => Noise {
  const places = calls.flatMap(({ rows, random }) => placesOf(rows, random, specOf, largest));
  return (from, block) => {
    const own = Array.from({ length: block }, (_, i) => places[Math.min(from + i, places.length - 1)]!);
    return Object.fromEntries(
      Object.entries(specOf(block)).map(([name, { shape }]) => [name, gathered(own, name, shape, axes[name]!)]),
    );
  };
}

export interface NoiseOptions {
  readonly specOf: (rows: number) => NoiseSpec;
  readonly axes: Readonly<Record<string, number>>;
  /** Largest block. */
  readonly largest: number;
}

function placesOf(rows: number, random: Random, specOf: NoiseOptions["specOf"], largest: number): Place[] {
  let left = rows;
  return blocksOf(rows, largest).flatMap((block) => {
    const noise = drawNoise(random, specOf(block));
    const taken = Math.min(left, block);
    left -= taken;
    return Array.from({ length: taken }, (_, row) => ({ noise, rows: block, row }));
  });
}

function gathered(places: readonly Place[], name: string, shape: readonly number[], axis: number): TypedArray {
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const Kind = places[0]!.noise[name]!.constructor as { new (length: number): TypedArray };
  const out = new Kind(sizeOf(shape));
  places.forEach(({ noise, rows, row }, to) => {
    for (let o = 0; o < outer; o++) {
      const from = (o * rows + row) * inner;
      out.set(noise[name]!.subarray(from, from + inner), (o * places.length + to) * inner);
    }
  });
  return out;
}
