import {
  type Certificate,
  type Matrix,
  type Policy,
  Random,
  type Transitions,
  type UncertaintyPenalty,
} from "@lowerbound/core";
import { inMemoryDataset, toTransitions } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { endless, lineMember, lineWorld } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { type CertifyJob, certifyOptions, measuredRows } from "../src/index.js";

export const engine = createAutoEngine({ threads: 1, provider: "cpu" });
export const transitions: Transitions = await toTransitions(inMemoryDataset(lineWorld(800, 2)), "with-next-keep-ends");

export const DISCOUNT = 0.9;
const HORIZON = 200;

export const constant: UncertaintyPenalty = {
  unit: "state",
  penalise: ({ observation }) => tf.add(tf.mul(tf.slice(observation, [0, 0], [-1, 1]), 0).as1D(), 2),
};

/** a = -x / 2, which takes the point to 3/4 of where it is. */
const halving: Policy = {
  capabilities: { stochastic: false, logProbability: false },
  init: async () => undefined,
  act: async ({ rows, columns, data }) => {
    const actions = {
      rows,
      columns: 1,
      data: Float32Array.from({ length: rows }, (_, k) => -0.5 * data[k * columns]!),
    };
    return { actions, state: undefined };
  },
  close: async () => {},
};

/** Its value: sum of discount^t (1 - (3/4)^(2 t + 2) x^2). */
const valueAt = (x: number): number => 1 / (1 - DISCOUNT) - (0.5625 * x * x) / (1 - 0.5625 * DISCOUNT);
export const values = async ({ rows, columns, data }: Matrix): Promise<Float64Array> =>
  Float64Array.from({ length: rows }, (_, k) => valueAt(data[k * columns]!));

/** Mean value of the log's first observations: the true return. */
export function trueReturn(): number {
  const firsts = [...transitions.episodeStarts.subarray(0, -1)];
  return firsts.reduce((sum, row) => sum + valueAt(transitions.observations[2 * row]!), 0) / firsts.length;
}

export const job = (shift: number, options: object = {}, more: Partial<CertifyJob> = {}): CertifyJob => ({
  model: { engine, dynamics: lineMember(shift), tensors: {}, random: Random.fromSeed(3) },
  termination: endless,
  penalty: { penalty: constant, tensors: {} },
  penaltyType: "constant",
  values: { source: "given", values, dispose: async () => {} },
  transitions,
  policy: halving,
  heldOut: {
    kind: "dataset",
    rows: measuredRows(
      transitions,
      Int32Array.from({ length: 400 }, (_, k) => 2 * k),
    ),
  },
  options: certifyOptions.parse({ discount: DISCOUNT, horizon: HORIZON, samples: 2, ...options }),
  seed: 1,
  ...more,
});

export const verdicts = ({ assumptions }: Certificate) =>
  Object.fromEntries(assumptions.map(({ name, verdict }) => [name, verdict]));
