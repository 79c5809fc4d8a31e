import { drawNoise, float32, type HostTensors, int32, Random, scoped, specsOf } from "@lowerbound/core";
import { flattenHost } from "@lowerbound/nn";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, expect, it } from "vitest";
import {
  createDecoder,
  createLstm,
  type LstmShape,
  lstmOptions,
  mostLikely,
  networkOf,
  tokenGradients,
  tokenLogProbabilities,
  vocabularyOf,
} from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const shape: LstmShape = {
  network: "lstm",
  layers: 2,
  embedding: 6,
  transition: 4,
  bins: 5,
  terminates: true,
  positions: 11,
};
const network = networkOf(shape);
const vocabulary = vocabularyOf(shape);
const [rows, length] = [3, shape.positions];

/** Fresh parameters, moved so that no head is like another. */
const weights: HostTensors = Object.fromEntries(
  Object.entries(network.initialise(Random.fromSeed(1))).map(([name, tensor]) => {
    const noise = Random.fromSeed(2).stream(name).normal(new Float32Array(tensor.data.length));
    return [name, { ...tensor, data: noise.map((z, i) => 0.5 * z + tensor.data[i]!) }];
  }),
);

const tokensOf = (seed: number): Int32Array =>
  Random.fromSeed(seed).integers(new Int32Array(rows * length), vocabulary);

/** Logits of the whole sequences [rows, length, vocabulary], by the model that a user's program calls. */
async function logitsOf(tokens: Int32Array): Promise<Float32Array> {
  const model = createLstm(lstmOptions.parse({ ...shape }));
  const state = scoped("lstm", weights);
  const program = await engine.compile({
    name: "logits",
    state: specsOf(state),
    inputs: { tokens: int32(rows, length) },
    noise: {},
    fn: ({ tokens: read, ...params }) => ({ logits: model.logits(read!, params) }),
  });
  const { logits } = await program.run(new Map(Object.entries(state)), { tokens });
  const found = Float32Array.from(logits!.data);
  await program.dispose();
  return found;
}

const at = (logits: Float32Array, row: number, position: number): Float32Array =>
  logits.subarray((row * length + position) * vocabulary, (row * length + position + 1) * vocabulary);

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

describe("the LSTM over tokens", () => {
  it.each([
    [4, false],
    [6, false],
    [7, true],
  ])("position %i shows in what comes after it, unless it is a value: %s", async (position, value) => {
    const tokens = tokensOf(1);
    const changed = tokens.slice();
    changed[position] = (tokens[position]! + 1) % shape.bins;
    const [before, after] = [await logitsOf(tokens), await logitsOf(changed)];
    for (let where = 0; where < length; where++) {
      const moved = largest(at(before, 0, where), at(after, 0, where));
      if (where < position || value) expect(moved).toBe(0);
      else expect(moved).toBeGreaterThan(1e-4);
    }
  });

  it("has the gradient of finite differences, with dropout too", async () => {
    const { layouts } = network;
    const flat = {
      decayed: flattenHost(weights, layouts.decayed),
      undecayed: flattenHost(weights, layouts.undecayed),
    };
    const noise = network.noise(rows, length, 0.25);
    const program = await engine.compile({
      name: "gradients",
      state: {},
      inputs: {
        ...specsOf(flat),
        tokens: int32(rows, length),
        targets: int32(rows, length),
        mask: float32(rows, length),
      },
      noise,
      fn: (tensors) => {
        const sizes = { architecture: shape, weights: [1, 5, 1, 2] };
        const { loss, gradients } = tokenGradients(tensors, sizes, { dropout: 0.25 });
        return { loss, ...gradients };
      },
    });
    const mask = Float32Array.from({ length: rows * length }, (_, i) => (i % 9 === 0 ? 0 : 1));
    const batch = { tokens: tokensOf(3), targets: tokensOf(4), mask, ...drawNoise(Random.fromSeed(5), noise) };
    const run = async (name: "decayed" | "undecayed", index: number, change: number) => {
      const moved = { decayed: flat.decayed.data.slice(), undecayed: flat.undecayed.data.slice() };
      moved[name][index] = moved[name][index]! + change;
      return structuredClone(await program.run(new Map(), { ...moved, ...batch }));
    };
    for (const name of ["decayed", "undecayed"] as const) {
      const gradient = (await run(name, 0, 0))[name]!.data;
      for (const index of Random.fromSeed(6).permutation(layouts[name].size).subarray(0, 12)) {
        const [above, below] = [await run(name, index, 1e-2), await run(name, index, -1e-2)];
        const slope = (above.loss!.data[0]! - below.loss!.data[0]!) / 2e-2;
        expect(Math.abs(gradient[index]! - slope)).toBeLessThan(1e-3 + 0.02 * Math.abs(slope));
      }
    }
    await program.dispose();
  });
});

describe("decoding the LSTM", () => {
  it.each([0, 1, 5])("gives the logits of the whole sequence, token by token after %i of them", async (from) => {
    const tokens = tokensOf(1);
    const shared = tokens.slice(0, from);
    for (let row = 1; row < rows; row++) tokens.set(shared, row * length);
    const whole = await logitsOf(tokens);
    const decoder = createDecoder(engine, shape, weights);
    const prefix = from === 0 ? undefined : (await decoder.encode(shared, 1)).segment;
    const past = Array.from({ length: rows }, () => []);
    const run = decoder.continueFrom({ prefix, past, last: undefined, samples: 1, own: length - from });
    for (let position = from; position < length; position++) {
      const column = Int32Array.from(past, (_, row) => tokens[row * length + position]!);
      const found = await run.feed(column, position, position % shape.transition === shape.transition - 1);
      for (let row = 0; row < rows; row++) {
        const own = found.subarray(row * vocabulary, (row + 1) * vocabulary);
        expect(largest(own, at(whole, row, position))).toBeLessThan(1e-5);
      }
    }
    await decoder.close();
  });

  it("samples of a node go on from its last piece, each on its own", async () => {
    const decoder = createDecoder(engine, shape, weights);
    const tokens = tokensOf(1);
    const { segment } = await decoder.encode(
      Int32Array.of(...tokens.subarray(0, 2), ...tokens.subarray(length, length + 2)),
      2,
    );
    const past = [[{ segment, row: 0 }], [{ segment, row: 1 }]];
    const run = decoder.continueFrom({ prefix: undefined, past, last: undefined, samples: 2, own: 1 });
    const found = (await run.feed([1, 2, 1, 2], 2)).slice();
    for (const [row, node] of [0, 0, 1, 1].entries()) {
      const own = Int32Array.of(...tokens.subarray(node * length, node * length + 2), (row % 2) + 1);
      const { logits } = await decoder.encode(own, 1);
      expect(largest(found.subarray(row * vocabulary, (row + 1) * vocabulary), logits)).toBeLessThan(1e-6);
    }
    await decoder.close();
  });

  it("beams that are reordered keep their own memory: their log-probabilities are those of their tokens", async () => {
    const decoder = createDecoder(engine, shape, weights);
    const { sequences, logProbabilities } = await mostLikely(decoder, Int32Array.of(1, 2), { tokens: 7, beamWidth: 4 });
    const joined = Int32Array.of(...sequences.flatMap((each) => [...each]));
    const logs = await tokenLogProbabilities(decoder, joined, sequences.length);
    sequences.forEach((each, row) => {
      const added = logs.subarray(row * each.length + 2, (row + 1) * each.length).reduce((sum, log) => sum + log, 0);
      expect(added).toBeCloseTo(logProbabilities[row]!, 4);
    });
    await decoder.close();
  });

  it("refuses a context longer than the model was trained with", async () => {
    const decoder = createDecoder(engine, shape, weights);
    await expect(decoder.encode(new Int32Array(12), 1)).rejects.toThrow("the context has 12 tokens");
    const run = decoder.continueFrom({ prefix: undefined, past: [[]], last: undefined, samples: 1, own: 2 });
    await expect(run.feed([0], 11)).rejects.toThrow("position 11");
    await decoder.close();
  });
});
