import { drawNoise, type HostTensors, hostFloat32, int32, type Params, Random } from "@lowerbound/core";
import { flattenHost } from "@lowerbound/nn";
import { createEagerEngine } from "@lowerbound/runtime";
import type * as tf from "@tensorflow/tfjs";
import { afterAll, expect, test } from "vitest";
import { byPosition, forward, gptLayouts, initialiseGpt, tokenGradients } from "../src/index.js";
import { dropoutNoise } from "../src/model/dropout.js";
import { paddedLength } from "../src/model/network.js";

const engine = createEagerEngine("cpu", async () => "cpu");
afterAll(() => engine.dispose());

const architecture = { layers: 2, heads: 2, embedding: 8, transition: 4, bins: 5, terminates: true, positions: 11 };
const [batch, tokens] = [2, 11];
const layouts = gptLayouts(architecture);
const weights = [1, 5, 1, 2];

/** Fresh parameters, biases and norms moved off their start so that every gradient shows. */
function parameters(): HostTensors {
  const random = Random.fromSeed(3);
  const moved = Object.entries(initialiseGpt(random, architecture)).map(([name, { data, shape }]) => {
    const noise = random.normal(new Float32Array(data.length));
    return [
      name,
      hostFloat32(
        Float32Array.from(data, (value, i) => value + 0.2 * noise[i]!),
        ...shape,
      ),
    ] as const;
  });
  return Object.fromEntries(moved);
}

const draw = (seed: number): Int32Array =>
  Random.fromSeed(seed).integers(new Int32Array(batch * tokens), architecture.bins + 1);

async function evaluate(inputs: HostTensors, fn: (tensors: Params) => Record<string, tf.Tensor>) {
  const specs = Object.fromEntries(Object.entries(inputs).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
  const program = await engine.compile({ name: "test", fn, state: {}, inputs: specs, noise: {} });
  const data = Object.fromEntries(Object.entries(inputs).map(([name, host]) => [name, host.data]));
  const outputs = structuredClone(await program.run(new Map(), data));
  await program.dispose();
  return outputs;
}

/** Logits [batch, tokens, vocabulary]. */
async function logitsOf(sequence: Int32Array): Promise<Float32Array> {
  const inputs = { ...parameters(), sequence: { ...int32(batch, tokens), data: sequence } };
  const { logits } = await evaluate(inputs, ({ sequence: read, ...params }) => ({
    logits: byPosition(forward(read!, params, architecture).byPlace, batch, tokens),
  }));
  return Float32Array.from(logits!.data);
}

const vocabulary = architecture.bins + 1;
const rowAt = (logits: Float32Array, position: number) => [
  ...logits.subarray(position * vocabulary, (position + 1) * vocabulary),
];

test.each([
  [4, "another token"],
  [7, "a value, which no query sees, nor shows in what comes after it"],
])("changing position %i (%s) leaves what came before alone", async (position) => {
  const sequence = draw(1);
  const changed = sequence.slice();
  changed[position] = (sequence[position]! + 1) % architecture.bins;
  const [before, after] = [await logitsOf(sequence), await logitsOf(changed)];
  for (let at = 0; at < position; at++) expect(rowAt(after, at)).toEqual(rowAt(before, at));
  expect(rowAt(after, position)).not.toEqual(rowAt(before, position));
  const isValue = position % architecture.transition === architecture.transition - 1;
  for (let at = position + 1; at < tokens; at++) {
    if (isValue) expect(rowAt(after, at)).toEqual(rowAt(before, at));
    else expect(rowAt(after, at)).not.toEqual(rowAt(before, at));
  }
});

/** Masks as an update draws them, the same each time. */
function masks(dropout: number): HostTensors {
  const specs = dropoutNoise(architecture, { batch, length: paddedLength(tokens, architecture), probability: dropout });
  const drawn = drawNoise(Random.fromSeed(7), specs);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, { dtype: "bool", shape, data: drawn[name] as Uint8Array }]),
  );
}

async function lossAndGradients(flat: HostTensors, dropout: number) {
  const mask = Float32Array.from({ length: batch * tokens }, (_, i) => (i % 9 === 0 ? 0 : 1));
  const inputs = {
    ...flat,
    tokens: { ...int32(batch, tokens), data: draw(1) },
    targets: { ...int32(batch, tokens), data: draw(2) },
    mask: hostFloat32(mask, batch, tokens),
    ...masks(dropout),
  };
  return evaluate(inputs, (tensors) => {
    const { loss, gradients } = tokenGradients(tensors, { architecture, weights }, { dropout });
    return { loss, decayed: gradients.decayed, undecayed: gradients.undecayed };
  });
}

test.each([
  ["decayed", 0],
  ["undecayed", 0],
  ["decayed", 0.25],
  ["undecayed", 0.25],
] as const)("gradients of %s parameters are those of finite differences, dropout %d", async (name, dropout) => {
  const own = parameters();
  const flat = {
    decayed: flattenHost(own, layouts.decayed),
    undecayed: flattenHost(own, layouts.undecayed),
  };
  const { [name]: gradient } = await lossAndGradients(flat, dropout);
  const step = 1e-2;
  for (const index of Random.fromSeed(5).permutation(layouts[name].size).subarray(0, 12)) {
    const at = async (change: number) => {
      const data = Float32Array.from(flat[name].data);
      data[index] = data[index]! + change;
      return (await lossAndGradients({ ...flat, [name]: hostFloat32(data, data.length) }, dropout)).loss!.data[0]!;
    };
    const slope = ((await at(step)) - (await at(-step))) / (2 * step);
    expect(Math.abs(gradient!.data[index]! - slope)).toBeLessThan(2e-3 + 0.02 * Math.abs(slope));
  }
});
