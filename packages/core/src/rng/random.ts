import { z } from "zod";
import { type NoiseEntry, type NoiseSpec, sizeOf, type TypedArray } from "../contracts/tensors.js";
import { ConfigError } from "../errors.js";
import { gapsOf, placeAtGaps } from "./gaps.js";
import { type PhiloxKey, philox4x32 } from "./philox.js";

/** Everything a stream needs to go on where it stopped, plain JSON: its key, and blocks of four words drawn so far. */
export const randomStateSchema = z
  .object({ key: z.tuple([z.number(), z.number()]).readonly(), block: z.number() })
  .readonly();

export type RandomState = z.output<typeof randomStateSchema>;

const CHUNK = 1024;
const TO_UNIT = 2 ** -32;
const TAU = 2 * Math.PI;

/**
 * A stream of random numbers from Philox 4x32-10: seedable, splittable by name, its state a few numbers.
 *
 * Every fill starts at a fresh block of four words, so what a call returns depends on the state alone.
 */
export class Random {
  readonly #key: PhiloxKey;
  #block: number;
  readonly #words = new Uint32Array(CHUNK);

  private constructor(key: PhiloxKey, block: number) {
    this.#key = key;
    this.#block = block;
  }

  /** @param seed a non-negative safe integer. @throws ConfigError for anything else. */
  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ConfigError(`seed ${seed} is not usable`, { expected: "an integer from 0 to 2^53 - 1" });
    }
    return new Random([seed >>> 0, Math.floor(seed / 2 ** 32)], 0);
  }

  static fromState({ key, block }: RandomState): Random {
    return new Random([key[0], key[1]], block);
  }

  state(): RandomState {
    return { key: [this.#key[0], this.#key[1]], block: this.#block };
  }

  /** An independent stream that depends on this one's key and the name, not on what was drawn. */
  stream(name: string): Random {
    const [high, low] = hash(name);
    const words = new Uint32Array(4);
    philox4x32([low, high, 0, 0xffffffff], this.#key, words, 1);
    return new Random([words[0] ?? 0, words[1] ?? 0], 0);
  }

  /** Fill with uniform numbers of [0, 1) in float32 resolution (24 bits). */
  uniform(out: Float32Array): Float32Array {
    this.#fill(out.length, (words, from, count) => {
      for (let i = 0; i < count; i++) out[from + i] = (words[i]! >>> 8) * 2 ** -24;
    });
    return out;
  }

  /** Fill with standard normal numbers (Box-Muller in double precision). */
  normal(out: Float32Array): Float32Array {
    this.#fill(out.length, (words, from, count) => {
      for (let i = 0; i < count; i += 2) {
        const radius = Math.sqrt(-2 * Math.log((words[i]! + 1) * TO_UNIT));
        const angle = words[i + 1]! * TO_UNIT * TAU;
        out[from + i] = radius * Math.cos(angle);
        if (i + 1 < count) out[from + i + 1] = radius * Math.sin(angle);
      }
    });
    return out;
  }

  /** Fill with integers of [0, below); the bias of at most below / 2^32 is accepted. */
  integers(out: Int32Array, below: number): Int32Array {
    this.#fill(out.length, (words, from, count) => {
      for (let i = 0; i < count; i++) out[from + i] = Math.floor(words[i]! * TO_UNIT * below);
    });
    return out;
  }

  /**
   * Fill with bytes that are 1 with the given probability and otherwise 0.
   *
   * Only the rarer of the two is drawn, as gaps from one to the next: a tenth of ones takes a twentieth of a word a byte.
   */
  bernoulli(out: Uint8Array, probability: number): Uint8Array {
    const rare = probability <= 0.5 ? 1 : 0;
    out.fill(1 - rare);
    const chance = rare === 1 ? probability : 1 - probability;
    if (chance <= 0) return out;
    const gaps = gapsOf(chance);
    for (let at = 0; at < out.length; ) {
      const expected = Math.ceil(((out.length - at) * chance) / 2) + 4;
      this.#fill(Math.min(CHUNK, expected), (words, _, count) => {
        at = placeAtGaps(out, at, rare, { gaps, halves: new Uint16Array(words.buffer, 0, 2 * count) });
      });
    }
    return out;
  }

  /** Shuffle in place (Fisher-Yates). */
  shuffle(values: Int32Array): Int32Array {
    const picks = new Float64Array(values.length);
    this.#fill(values.length, (words, from, count) => {
      for (let i = 0; i < count; i++) picks[from + i] = words[i]! * TO_UNIT;
    });
    for (let last = values.length - 1; last > 0; last--) {
      const other = Math.floor(picks[last]! * (last + 1));
      const value = values[last]!;
      values[last] = values[other]!;
      values[other] = value;
    }
    return values;
  }

  permutation(count: number): Int32Array {
    return this.shuffle(Int32Array.from({ length: count }, (_, index) => index));
  }

  #fill(total: number, use: (words: Uint32Array, from: number, count: number) => void): void {
    for (let from = 0; from < total; from += CHUNK) {
      const count = Math.min(CHUNK, total - from);
      const blocks = Math.ceil(count / 4);
      philox4x32([this.#block >>> 0, Math.floor(this.#block / 2 ** 32), 0, 0], this.#key, this.#words, blocks);
      this.#block += blocks;
      use(this.#words, from, count);
    }
  }
}

/** Draw every entry of a noise spec, in the order of its keys; `into` reuses arrays of an earlier draw. */
export function drawNoise(
  random: Random,
  spec: NoiseSpec,
  into: Record<string, TypedArray> = {},
): Record<string, TypedArray> {
  for (const [name, entry] of Object.entries(spec)) into[name] = draw(random, entry, into[name]);
  return into;
}

function draw(random: Random, { distribution, shape, values, probability }: NoiseEntry, old?: TypedArray): TypedArray {
  const size = sizeOf(shape);
  if (distribution === "bernoulli") {
    return random.bernoulli(reuse(old, size, Uint8Array), probability ?? 0.5);
  }
  if (distribution === "choice") {
    const out = random.integers(reuse(old, size, Int32Array), values?.length ?? 1);
    if (values !== undefined) for (let i = 0; i < size; i++) out[i] = values[out[i]!]!;
    return out;
  }
  const out = reuse(old, size, Float32Array);
  return distribution === "normal" ? random.normal(out) : random.uniform(out);
}

function reuse<T extends TypedArray>(old: TypedArray | undefined, size: number, make: new (size: number) => T): T {
  return old instanceof make && old.length === size ? old : new make(size);
}

/** 64-bit FNV-1a of a UTF-16 string, as two words. */
function hash(text: string): [number, number] {
  let value = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return [Number(value >> 32n), Number(value & 0xffffffffn)];
}
