import { Dataset, type DynamicsModel, defineComponent, type Termination } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { lineWorld } from "./line-world.js";

/** Dataset `line-world`: 400 steps of {@link lineWorld}. */
export const lineWorldData = defineComponent({
  kind: Dataset,
  type: "line-world",
  summary: "a point on a line",
  config: z.object({}),
  create: () => inMemoryDataset(lineWorld(400, 1)),
});

/** The line world as a learnt model that is free, and exact but for `shift`: x' = x + shift + 0.5 a + 0.01 noise. */
export const lineDynamics = (shift = 0): DynamicsModel => ({
  capabilities: { members: false, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({}),
  stepNoise: (_, batch) => ({ sample: { distribution: "normal", shape: [batch, 1] } }),
  initialCarry: () => ({}),
  step: ({ observation, action, noise }) => {
    const x = tf.add(tf.slice(observation, [0, 0], [-1, 1]), shift);
    const next = tf.add(tf.add(x, tf.mul(0.5, action)), tf.mul(0.01, noise.sample!));
    return {
      nextObservation: tf.concat([next, tf.mul(0.5, next)], -1),
      reward: tf.sub(1, tf.square(next)),
      carry: {},
    };
  },
});

/** {@link lineDynamics} as an ensemble of one member that is all but sure, without noise: x' = x + shift + 0.5 a. */
export const lineMember = (shift = 0): DynamicsModel => ({
  capabilities: { members: true, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({}),
  stepNoise: () => ({}),
  initialCarry: () => ({}),
  step: ({ observation, action }) => {
    const next = tf.add(tf.add(tf.slice(observation, [0, 0], [-1, 1]), shift), tf.mul(0.5, action));
    const [nextObservation, reward] = [tf.concat([next, tf.mul(0.5, next)], -1), tf.sub(1, tf.square(next))];
    const meanObservation = tf.expandDims(nextObservation, 0);
    const logVar = tf.fill([1, observation.shape[0]!, 3], -20);
    const prediction = { meanObservation, meanReward: tf.expandDims(reward, 0), logVar };
    return { nextObservation, reward, carry: {}, prediction, elites: tf.tensor1d([0], "int32") };
  },
});

/** No state ends an episode. */
export const endless: Termination = {
  terminated: ({ observation }) => tf.greater(tf.mean(tf.mul(observation, 0), 1), 1),
};
