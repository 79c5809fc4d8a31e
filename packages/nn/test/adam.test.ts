import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { adamUpdate, tick } from "../src/index.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Adam as in the paper, in double precision, with PyTorch's place for epsilon. */
function reference(parameter: number, gradients: readonly number[], learningRate: number, epsilon: number): number[] {
  let [p, m, v] = [parameter, 0, 0];
  return gradients.map((g, index) => {
    const t = index + 1;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    p -= (learningRate * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + epsilon);
    return p;
  });
}

it.each([1e-8, 0.1])("steps as PyTorch does, epsilon %d", (epsilon) => {
  const gradients = [0.5, -2, 0.25, 1e-3, 7];
  const wanted = reference(0.3, gradients, 0.01, epsilon);
  let state: tf.TensorContainerObject & Record<string, tf.Tensor> = {
    p: tf.tensor1d([0.3]),
    "m/p": tf.zeros([1]),
    "v/p": tf.zeros([1]),
  };
  let clock: tf.Tensor = tf.zeros([2]);
  for (const [step, gradient] of gradients.entries()) {
    clock = tick(clock);
    state = adamUpdate(state, { p: tf.tensor1d([gradient]) }, clock, { learningRate: 0.01, epsilon });
    expect(state.p!.dataSync()[0]).toBeCloseTo(wanted[step]!, 6);
  }
});

it("keeps the first steps' bias corrections exact in float32", () => {
  const clock = tick(tf.zeros([2]));
  const [first, second] = clock.dataSync();
  expect(first).toBeCloseTo(0.1, 8);
  expect(second! / 0.001).toBeCloseTo(1, 6);
});
