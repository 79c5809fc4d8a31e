import { type DynamicsModel, type Matrix, type Policy, Random } from "@lowerbound/core";
import { inMemoryDataset, toTransitions } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { evaluateOffPolicy, type OffPolicyJob, type OffPolicyMethod, offPolicyOptions } from "../src/index.js";

/** For the file that imports it to dispose of. */
export const engine = createAutoEngine({ threads: 1, provider: "cpu" });

export const DISCOUNT = 0.8;
/** Of a policy's samples around its mode. */
export const SPREAD = 0.3;
export const transitions = await toTransitions(inMemoryDataset(lineWorld(6000, 1)), "with-next-keep-ends");

const clamp = (a: number): number => Math.max(-1, Math.min(1, a));

/** a = gain x, plus noise when it samples; its density is known. */
export const linear = (gain: number, density = true): Policy<number> => ({
  capabilities: { stochastic: true, logProbability: density },
  init: async (_batch, seed) => seed,
  act: async ({ rows, data }, seed, { deterministic }) => {
    const noise = Random.fromSeed(seed).normal(new Float32Array(rows));
    const spread = deterministic ? 0 : SPREAD;
    const actions = Float32Array.from({ length: rows }, (_, k) => clamp(gain * data[2 * k]! + spread * noise[k]!));
    return { actions: { rows, columns: 1, data: actions }, state: seed + 1 };
  },
  ...(density
    ? {
        logProbability: async (observations: Matrix, actions: Matrix) =>
          Float32Array.from(actions.data, (action, k) => {
            const z = (action - gain * observations.data[2 * k]!) / SPREAD;
            return -0.5 * z * z - Math.log(SPREAD * Math.sqrt(2 * Math.PI));
          }),
      }
    : {}),
  close: async () => {},
});

/** x' = x + 0.5 a and reward 1 - x'^2, as the data were made. */
export const exact: DynamicsModel = {
  capabilities: { members: false, logProbability: false, differentiable: true, stateful: false },
  fit: async () => ({ tensors: {}, facts: {} }),
  parameters: () => ({}),
  stepNoise: () => ({}),
  initialCarry: () => ({}),
  step: ({ observation, action }) => {
    const next = tf.add(tf.slice(observation, [0, 0], [-1, 1]), tf.mul(0.5, action));
    return {
      nextObservation: tf.concat([next, tf.mul(0.5, next)], -1),
      reward: tf.sub(1, tf.square(next)),
      carry: {},
    };
  },
};
export const endless = { terminated: ({ action }: { action: tf.Tensor }) => tf.less(tf.sum(action, 1), -1e9) };

/** Discounted return of the mode from every logged start, simulated in float64. */
export function truth(gain: number, steps: number): number {
  const firsts = transitions.episodeStarts.slice(0, -1);
  let total = 0;
  for (const row of firsts) {
    let x = transitions.observations[2 * row]!;
    for (let t = 0; t < steps; t++) {
      x += 0.5 * clamp(gain * x);
      total += DISCOUNT ** t * (1 - x * x);
    }
  }
  return total / firsts.length;
}

export const options = offPolicyOptions.parse({
  discount: DISCOUNT,
  horizon: 60,
  repetitions: 100,
  starts: 1000,
  valueSamples: 2,
  fqe: { hiddenSizes: [64, 64], updates: 3000, learningRate: 1e-3, targetInterval: 50 },
  behaviour: { hiddenSizes: [32, 32], updates: 1500 },
});

export const jobOf = (policy: Policy): OffPolicyJob => ({
  engine,
  transitions,
  policy: policy as Policy,
  options,
  seed: 3,
  model: { dynamics: exact, tensors: {}, termination: endless },
  behaviour: async () => ({
    // The data's own: gain -0.5.
    logProbability: async (observations, actions) =>
      Float64Array.from(await linear(-0.5).logProbability!(observations, actions)),
    dispose: async () => {},
  }),
});

export async function estimateFor(method: OffPolicyMethod, job: OffPolicyJob) {
  const [outcome] = await evaluateOffPolicy(job, [method]);
  if (outcome === undefined || !("estimate" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.estimate;
}
