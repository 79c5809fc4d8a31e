import assert from "node:assert/strict";
import { type Engine, type HostTensors, int32, Random, type SequenceModel, scoped, unscoped } from "@lowerbound/core";
import type { ConformanceCase } from "./dataset-conformance.js";

export interface SequenceConformance {
  readonly model: SequenceModel;
  /** Tensors that its fit left behind. */
  readonly fitted: HostTensors;
  /** Compiled, and eager. */
  readonly engines: readonly [Engine, Engine];
}

const ROWS = 2;

/** What every model of token sequences must do once it is fitted. */
export function sequenceConformance(subject: SequenceConformance): readonly ConformanceCase[] {
  const { model, fitted, engines } = subject;
  const [engine, eager] = engines;
  const length = model.contextLength(fitted);
  const logits = (tokens: Int32Array, on = engine) => logitsOf(on, subject, tokens);
  return [
    {
      name: "has a context, and the parameters that it was fitted to",
      run: async () => {
        assert.ok(Number.isInteger(length) && length > 1, `a context of ${length} tokens`);
        for (const [name, { shape }] of Object.entries(model.parameters(fitted))) {
          assert.deepEqual(fitted[name]?.shape, shape, name);
        }
      },
    },
    {
      name: "says what its tokens stand for",
      run: async () => {
        const [, observation = 0, action = 0, goals] = fitted.sizes?.data ?? [];
        assert.deepEqual(fitted.sizes?.shape, [4], "sizes");
        assert.deepEqual(fitted.thresholds?.shape, [observation + action + 2, model.vocabulary], "thresholds");
        assert.ok(goals === 0 || goals === 1, `goals: ${goals}`);
      },
    },
    {
      name: "gives finite logits of every token, a row a position",
      run: async () => {
        const found = await logits(sequences(model, length));
        assert.equal(found.length, ROWS * length * model.vocabulary);
        assert.ok(found.every(Number.isFinite));
      },
    },
    {
      name: "predicts from what came before alone",
      run: async () => {
        const tokens = sequences(model, length);
        const before = await logits(tokens);
        for (const position of [1, length >> 1, length - 1]) {
          const changed = tokens.slice();
          changed[position] = (tokens[position]! + 1) % model.vocabulary;
          const after = await logits(changed);
          // The first row up to the position, and the second row whole.
          const end = position * model.vocabulary;
          assert.deepEqual(after.slice(0, end), before.slice(0, end));
          const second = length * model.vocabulary;
          assert.deepEqual(after.slice(second), before.slice(second));
        }
      },
    },
    {
      name: "gives the beginning of a sequence what it gives the whole",
      run: async () => {
        const tokens = sequences(model, length);
        const whole = await logits(tokens);
        const half = length >> 1;
        const cut = Int32Array.from(
          { length: ROWS * half },
          (_, i) => tokens[Math.floor(i / half) * length + (i % half)]!,
        );
        const found = await logits(cut);
        found.forEach((value, i) => {
          const [row, rest] = [Math.floor(i / (half * model.vocabulary)), i % (half * model.vocabulary)];
          close(value, whole[row * length * model.vocabulary + rest]!);
        });
      },
    },
    {
      name: "gives the same compiled and eager",
      run: async () => {
        const tokens = sequences(model, length);
        const [a, b] = [await logits(tokens), await logits(tokens, eager)];
        a.forEach((value, i) => {
          close(value, b[i]!);
        });
      },
    },
  ];
}

const sequences = ({ vocabulary }: SequenceModel, length: number): Int32Array =>
  Random.fromSeed(3).integers(new Int32Array(ROWS * length), vocabulary);

async function logitsOf(engine: Engine, { model, fitted }: SequenceConformance, tokens: Int32Array) {
  const program = await engine.compile({
    name: "sequence",
    state: scoped("model", model.parameters(fitted)),
    inputs: { tokens: int32(ROWS, tokens.length / ROWS) },
    noise: {},
    fn: (tensors) => ({ logits: model.logits(tensors.tokens!, unscoped("model", tensors)) }),
  });
  const { logits } = await program.run(new Map(Object.entries(scoped("model", fitted))), { tokens });
  const found = Float32Array.from(logits!.data);
  await program.dispose();
  return found;
}

const close = (got: number, wanted: number): void =>
  assert.ok(Math.abs(got - wanted) <= 1e-4 * (1 + Math.abs(wanted)), `got ${got}, wanted ${wanted}`);
