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
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CertifyJob, certifyContinuous, certifyOptions, measuredRows, type PlayedTruth } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

let transitions: Transitions;
beforeAll(async () => {
  transitions = await toTransitions(inMemoryDataset(lineWorld(800, 2)), "with-next-keep-ends");
});

const DISCOUNT = 0.9;
const HORIZON = 200;

const constant: UncertaintyPenalty = {
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
const values = async ({ rows, columns, data }: Matrix): Promise<Float64Array> =>
  Float64Array.from({ length: rows }, (_, k) => valueAt(data[k * columns]!));

/** Mean value of the log's first observations: the true return. */
function trueReturn(): number {
  const firsts = [...transitions.episodeStarts.subarray(0, -1)];
  return firsts.reduce((sum, row) => sum + valueAt(transitions.observations[2 * row]!), 0) / firsts.length;
}

const job = (shift: number, options: object = {}, more: Partial<CertifyJob> = {}): CertifyJob => ({
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

const verdicts = ({ assumptions }: Certificate) =>
  Object.fromEntries(assumptions.map(({ name, verdict }) => [name, verdict]));

describe("the line world", () => {
  it("an exact model costs nothing: the bound is the policy's value, cut at the horizon", async () => {
    const certificate = await certifyContinuous(job(0));
    const { bound, modelReturn, penalty, tail, value, standing } = certificate;
    expect(standing).toBe("conditional");
    expect(penalty).toMatchObject({ type: "constant", calibrated: true });
    // Sums in single precision.
    expect(penalty.cost).toBeLessThan(1e-5);
    expect(modelReturn?.value).toBeCloseTo(trueReturn(), 3);
    expect(bound?.value).toBeCloseTo(trueReturn(), 3);
    expect(bound!.low).toBeLessThan(bound!.value);
    expect(Math.abs(tail)).toBeLessThan(1e-4);
    expect(value.estimate).toBeCloseTo(trueReturn(), 3);
  });

  it("the horizon's tail is paid at the least logged reward", async () => {
    const { tail, rewards, bound, modelReturn } = await certifyContinuous(job(0, { horizon: 10 }));
    expect(rewards.minimum).toBeCloseTo(
      transitions.rewards.reduce((least, each) => Math.min(least, each)),
      6,
    );
    expect(tail).toBeCloseTo((DISCOUNT ** 10 * rewards.minimum) / (1 - DISCOUNT), 5);
    expect(bound?.value).toBeCloseTo(modelReturn!.value + tail, 5);
  });

  it.each([-0.3, -0.05, 0.02, 0.2])(
    "a model that is off by %d: with u that covers, the bound is below the truth",
    async (shift) => {
      const { bound, standing, penalty, heldOut, modelReturn } = await certifyContinuous(job(shift));
      expect(standing).toBe("conditional");
      expect(heldOut.check.covered).toBeGreaterThan(0.85);
      expect(bound!.value).toBeLessThan(trueReturn());
      expect(bound!.value).toBeCloseTo(modelReturn!.value - penalty.cost!, 3);
      // u is 2 everywhere: the cost is its endless discounted sum.
      expect(penalty.cost).toBeCloseTo((2 * penalty.coefficient!) / (1 - DISCOUNT), 3);
    },
  );

  it("is void, without a bound, once u is scaled down below the errors", async () => {
    const { penalty } = await certifyContinuous(job(0.2));
    const { standing, bound, reasons, ...certificate } = await certifyContinuous(
      job(0.2, { coefficient: penalty.coefficient! / 10 }),
    );
    expect([standing, bound]).toEqual(["void", null]);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^u >= error: held at [\d.]+ % of 400 rows/);
    expect(verdicts({ standing, bound, reasons, ...certificate })).toMatchObject({ "u >= error": "seen to fail" });
  });

  it("is void where no coefficient covers: u is 0 and errors are not", async () => {
    const nothing: UncertaintyPenalty = { penalise: (inputs, params) => tf.mul(0, constant.penalise(inputs, params)) };
    const certificate = await certifyContinuous(job(0.2, {}, { penalty: { penalty: nothing, tensors: {} } }));
    expect(certificate).toMatchObject({ standing: "void", bound: null, penalty: { coefficient: null, cost: null } });
    expect(certificate.reasons[0]).toContain("no coefficient covers");
  });

  it("is void where the value is steeper on other episodes than on those that its constant comes from", async () => {
    const steep = async (observations: Matrix) => {
      let call = 0;
      const plain = await values(observations);
      return plain.map((value) => value * (call++ % 80 < 40 ? 1 : 10));
    };
    // 20 rows an episode at two samples: every other episode is ten times as steep.
    const rows = measuredRows(
      transitions,
      Int32Array.from({ length: 400 }, (_, k) => k),
    );
    const job2 = job(
      0.2,
      {},
      {
        values: { source: "given", values: steep, dispose: async () => {} },
        heldOut: { kind: "episodes", rows },
      },
    );
    const certificate = await certifyContinuous({ ...job2, options: { ...job2.options, samples: 1 } });
    expect(verdicts(certificate)["Lipschitz value"]).toMatch(/seen to fail/);
  });
});

describe("against a simulator", () => {
  const seen = (value: number, picks: Int32Array): PlayedTruth => ({
    environmentId: "line",
    episodes: 2,
    discountedReturn: { value, interval: { low: value, high: value }, episodes: 2 },
    remaining: 0,
    visits: measuredRows(transitions, picks),
  });
  const picks = Int32Array.from({ length: 100 }, (_, k) => k);

  it("the gain from cheating stands beside the cost, and the bound does not move", async () => {
    const without = await certifyContinuous(job(0.1));
    const { truth, bound, standing } = await certifyContinuous(job(0.1, {}, { truth: seen(trueReturn(), picks) }));
    expect(standing).toBe("conditional");
    expect(bound).toEqual(without.bound);
    expect(truth?.gain).toBeCloseTo(without.modelReturn!.value - trueReturn(), 9);
    expect(truth?.visits).toMatchObject({ rows: 100, episodes: 5 });
  });

  it("a truth below the bound voids it", async () => {
    const { bound } = await certifyContinuous(job(0.1));
    const certificate = await certifyContinuous(job(0.1, {}, { truth: seen(bound!.low - 1, picks) }));
    expect(certificate).toMatchObject({ standing: "void", bound: null });
    expect(certificate.reasons[0]).toContain("the bound itself");
  });
});
