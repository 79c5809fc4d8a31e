import { type HostTensors, Random } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { loadFixture } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { architectureOf, ourParameters } from "../../../tools/parity/subjects/gpt-layout.js";
import { type Architecture, createDecoder, type Decoder, initialiseGpt, vocabularyOf } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const random = Random.fromSeed(5);

/** Random weights far from the initial ones, so that attention is not even. */
function weights(architecture: Architecture): HostTensors {
  const fresh = Object.entries(initialiseGpt(random.stream("weights"), architecture));
  return Object.fromEntries(
    fresh.map(([name, tensor]) => {
      const noise = random.stream(name).normal(new Float32Array(tensor.data.length));
      return [name, { ...tensor, data: noise.map((z, i) => 0.3 * z + tensor.data[i]!) }];
    }),
  );
}

function randomTokens(rows: number, length: number, below: number): Int32Array {
  return random.stream(`tokens ${rows} ${length}`).integers(new Int32Array(rows * length), below);
}

/** Logits after each token from `from` on, fed one at a time: [positions][rows, vocabulary]. */
async function fed(decoder: Decoder, tokens: Int32Array, rows: number, from: number): Promise<Float32Array[]> {
  const length = tokens.length / rows;
  const { transition } = decoder.shape;
  const { segment } = await decoder.encode(tokens.slice(0, from), 1);
  const past = Array.from({ length: rows }, () => []);
  const run = decoder.continueFrom({ prefix: segment, past, last: undefined, samples: 1, own: length - from });
  const found: Float32Array[] = [];
  for (let position = from; position < length; position++) {
    const column = Int32Array.from({ length: rows }, (_, row) => tokens[row * length + position]!);
    const logits = await run.feed(column, position, position % transition === transition - 1);
    found.push(logits.slice(0, rows * vocabularyOf(decoder.shape)));
  }
  return found;
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

describe("cached decoding", () => {
  it("gives the golden logits of the uncached model, token by token", async () => {
    const fixture = await loadFixture(
      new URL("fixtures/trajectory-transformer/model-small.json", import.meta.url).pathname,
    );
    const architecture = architectureOf(fixture);
    const decoder = createDecoder(engine, architecture, ourParameters(fixture, "params."));
    const [tokens, golden] = [fixture.tensor("in.tokens"), fixture.tensor("out.logits")];
    const [rows, length, vocabulary] = golden.shape as [number, number, number];
    for (let row = 0; row < rows; row++) {
      const own = Int32Array.from(tokens.data.subarray(row * length, (row + 1) * length));
      const found = await fed(decoder, own, 1, 5);
      found.forEach((logits, i) => {
        const at = (row * length + 5 + i) * vocabulary;
        expect(largest(logits, golden.data.subarray(at, at + vocabulary))).toBeLessThan(1e-4);
      });
    }
    await decoder.close();
  });

  it.each([
    { layers: 1, heads: 1, embedding: 8, transition: 4, bins: 5, terminates: true, positions: 19, from: 3, rows: 3 },
    {
      layers: 3,
      heads: 2,
      embedding: 12,
      transition: 7,
      bins: 11,
      terminates: false,
      positions: 30,
      from: 11,
      rows: 5,
    },
    { layers: 2, heads: 4, embedding: 16, transition: 5, bins: 3, terminates: true, positions: 24, from: 5, rows: 1 },
  ])("equals reading the whole context again: %o", async ({ from, rows, ...architecture }) => {
    const decoder = createDecoder(engine, architecture, weights(architecture));
    const vocabulary = vocabularyOf(architecture);
    const length = architecture.positions;
    const tokens = randomTokens(rows, length, vocabulary);
    for (let row = 1; row < rows; row++) tokens.copyWithin(row * length, 0, from);
    const cached = await fed(decoder, tokens, rows, from);
    for (let end = from + 1; end <= length; end++) {
      const whole = Int32Array.from(
        { length: rows * end },
        (_, i) => tokens[Math.floor(i / end) * length + (i % end)]!,
      );
      const { logits } = await decoder.encode(whole, rows);
      expect(largest(cached[end - from - 1]!, logits)).toBeLessThan(2e-5);
    }
    await decoder.close();
  });

  it("refuses a context longer than the model's and tokens out of range", async () => {
    const architecture: Architecture = {
      layers: 1,
      heads: 1,
      embedding: 4,
      transition: 3,
      bins: 4,
      terminates: true,
      positions: 5,
    };
    const decoder = createDecoder(engine, architecture, weights(architecture));
    await expect(decoder.encode(new Int32Array(6), 1)).rejects.toThrow("the context has 6 tokens");
    await expect(decoder.encode(Int32Array.of(0, 5), 1)).rejects.toThrow("5 is not a token");
    await expect(decoder.encode(Int32Array.of(-1), 1)).rejects.toThrow("-1 is not a token");
    const run = decoder.continueFrom({ prefix: undefined, past: [[]], last: undefined, samples: 1, own: 2 });
    await expect(run.feed([0], 5)).rejects.toThrow("position 5");
    await decoder.close();
  });
});
