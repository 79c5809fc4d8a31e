// The line world without noise, and where plans in it start.
import { Random } from "@lowerbound/core";
import { lineDynamics } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";

export const state = { observation: Float32Array.of(2, 1) };
export const options = { pessimism: "none", random: Random.fromSeed(1) } as const;

/** A line world without noise in its step. */
const still = { ...lineDynamics(), stepNoise: (_: unknown, batch: number) => noiseless(batch) };
const noiseless = (batch: number) => ({ sample: { distribution: "choice", shape: [batch, 1], values: [0] } as const });
export const exact = {
  ...still,
  step: (inputs: Parameters<typeof still.step>[0]) =>
    lineDynamics().step({ ...inputs, noise: { sample: tf.cast(inputs.noise.sample!, "float32") } }, {}),
};
