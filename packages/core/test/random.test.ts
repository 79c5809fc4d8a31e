import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, drawNoise, type PhiloxCounter, type PhiloxKey, philox4x32, Random } from "../src/index.js";

describe("Philox 4x32-10", () => {
  // Known answers published with the reference implementation of Salmon et al. (2011).
  test.each<[PhiloxCounter, PhiloxKey, number[]]>([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("counter %j, key %j", (counter, key, expected) => {
    const words = new Uint32Array(4);
    philox4x32(counter, key, words, 1);
    expect([...words]).toEqual(expected);
  });

  test("several blocks are those of the next counters, across 32 bits too", () => {
    const key: PhiloxKey = [7, 11];
    const counters: PhiloxCounter[] = [
      [0xfffffffe, 4, 2, 3],
      [0xffffffff, 4, 2, 3],
      [0, 5, 2, 3],
    ];
    const [together, apart] = [new Uint32Array(12), new Uint32Array(4)];
    philox4x32(counters[0]!, key, together, 3);
    const each = counters.flatMap((counter) => {
      philox4x32(counter, key, apart, 1);
      return [...apart];
    });
    expect([...together]).toEqual(each);
  });
});

describe("Random", () => {
  test("goes on from a state that went through JSON", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(3000), fc.nat(100), (seed, before, after) => {
        const random = Random.fromSeed(seed);
        random.normal(new Float32Array(before));
        const again = Random.fromState(JSON.parse(JSON.stringify(random.state())));
        expect(again.uniform(new Float32Array(after))).toEqual(random.uniform(new Float32Array(after)));
      }),
    );
  });

  test("streams depend on the name and not on what was drawn", () => {
    const random = Random.fromSeed(5);
    const first = random.stream("a").uniform(new Float32Array(8));
    random.uniform(new Float32Array(99));
    expect(random.stream("a").uniform(new Float32Array(8))).toEqual(first);
    expect(random.stream("b").uniform(new Float32Array(8))).not.toEqual(first);
  });

  test("normal numbers have the moments of the normal distribution", () => {
    const values = Random.fromSeed(1).normal(new Float32Array(400_000));
    const moment = (power: number) => values.reduce((total, value) => total + value ** power, 0) / values.length;
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(moment(2)).toBeCloseTo(1, 2);
    expect(moment(3)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.05);
  });

  test("uniform numbers stay below 1 and fill every tenth alike", () => {
    const counts = new Array<number>(10).fill(0);
    for (const value of Random.fromSeed(2).uniform(new Float32Array(100_000))) counts[Math.floor(value * 10)]! += 1;
    expect(counts).toHaveLength(10);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test("a shuffle keeps every value, and every place is equally likely", () => {
    const random = Random.fromSeed(3);
    const places = new Array<number>(4).fill(0);
    for (let i = 0; i < 4000; i++) {
      const order = random.permutation(4);
      expect([...order].sort()).toEqual([0, 1, 2, 3]);
      places[order.indexOf(0)]! += 1;
    }
    for (const count of places) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("seed %d is refused", (seed) => {
    expect(() => Random.fromSeed(seed)).toThrow(ConfigError);
  });

  test("noise follows its spec", () => {
    const noise = drawNoise(Random.fromSeed(4), {
      member: { distribution: "choice", shape: [50], values: [2, 5] },
      action: { distribution: "normal", shape: [5, 2] },
      kept: { distribution: "bernoulli", shape: [100, 1001], probability: 0.9 },
    });
    expect(new Set(noise.member)).toEqual(new Set([2, 5]));
    expect(noise.action).toHaveLength(10);
    expect(noise.kept).toBeInstanceOf(Uint8Array);
    expect(new Set(noise.kept)).toEqual(new Set([0, 1]));
    const share = Array.from(noise.kept!).reduce((sum, bit) => sum + bit, 0) / 100_100;
    expect(Math.abs(share - 0.9)).toBeLessThan(0.003);
  });

  test.each([0, 0.001, 0.1, 0.5, 0.77, 0.999, 1])("bytes are 1 with probability %d, whatever came before", (chance) => {
    const bytes = Random.fromSeed(6).bernoulli(new Uint8Array(400_000), chance);
    const deviation = Math.sqrt(chance * (1 - chance));
    const share = (values: readonly number[]) => values.reduce((sum, bit) => sum + bit, 0) / values.length;
    const near = (values: readonly number[]) =>
      expect(Math.abs(share(values) - chance)).toBeLessThanOrEqual((4.5 * deviation) / Math.sqrt(values.length) + 2e-5);
    near([...bytes]);
    for (const before of [0, 1]) {
      const after = [...bytes].filter((_, i) => i > 0 && bytes[i - 1] === before);
      if (after.length > 0) near(after);
    }
  });

  test("bytes go on from a state as they would have gone on", () => {
    const random = Random.fromSeed(8);
    random.bernoulli(new Uint8Array(5000), 0.3);
    const again = Random.fromState(random.state());
    expect(again.bernoulli(new Uint8Array(5000), 0.3)).toEqual(random.bernoulli(new Uint8Array(5000), 0.3));
  });
});
