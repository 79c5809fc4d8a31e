import { Random, type TensorState, type TypedArray } from "@lowerbound/core";
import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, expect, test } from "vitest";
import { transformerOptions } from "../src/index.js";
import { freshSession } from "../src/training/session.js";
import { openStepper } from "../src/training/stepper.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const architecture = { layers: 1, heads: 2, embedding: 8, transition: 4, bins: 5, terminates: true, positions: 11 };
const [tokens, windows] = [11, 6];
const weights = [1, 5, 1, 2];

const freshState = (): TensorState => freshSession(architecture, Random.fromSeed(3)).state;

const draw = (seed: number) => Random.fromSeed(seed).integers(new Int32Array(windows * tokens), architecture.bins + 1);
/** Some mini-batches count more positions than others. */
const all = {
  tokens: draw(1),
  targets: draw(2),
  mask: Float32Array.from({ length: windows * tokens }, (_, i) => (i % 7 < 2 || i < 9 ? 0 : 1)),
};

async function twoSteps(accumulate: number) {
  const batch = windows / accumulate;
  const options = { ...transformerOptions.parse({ dropout: 0 }), accumulate };
  const stepper = await openStepper(engine, { architecture, weights, batch, tokens }, options);
  const state = freshState();
  let next = 0;
  const fill = (): Record<string, TypedArray> => {
    const from = (next++ % accumulate) * batch * tokens;
    const part = <T extends TypedArray>(values: T) => values.slice(from, from + batch * tokens) as T;
    return { tokens: part(all.tokens), targets: part(all.targets), mask: part(all.mask) };
  };
  const losses = [await stepper.step(state, fill, () => 0.01), await stepper.step(state, fill, () => 0.01)];
  await stepper.dispose();
  return { losses, decayed: state.get("decayed")!.data.slice(), undecayed: state.get("undecayed")!.data.slice() };
}

test.each([2, 3, 6])("gradients of %i mini-batches make the steps of one batch as large as all", async (accumulate) => {
  const [whole, parts] = [await twoSteps(1), await twoSteps(accumulate)];
  const largest = (a: TypedArray, b: TypedArray) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
  parts.losses.forEach((loss, i) => {
    expect(loss).toBeCloseTo(whole.losses[i]!, 5);
  });
  expect(largest(whole.decayed, freshState().get("decayed")!.data)).toBeGreaterThan(0.01);
  expect(largest(whole.decayed, parts.decayed)).toBeLessThan(1e-4);
  expect(largest(whole.undecayed, parts.undecayed)).toBeLessThan(1e-4);
});
