import type { Matrix, UncertaintyPenalty } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { certifyContinuous, measuredRows } from "../src/index.js";
import { constant, DISCOUNT, engine, job, transitions, trueReturn, values, verdicts } from "./line-certificate.js";

afterAll(() => engine.dispose());

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

  it("is void where a row of another log pays less than the least logged reward, which the tail counts on", async () => {
    const { rewards, assumptions } = await certifyContinuous(job(0, { horizon: 10 }));
    expect(assumptions.find(({ name }) => name === "rewards")?.verdict).toBe("not seen to fail");
    const { rows } = job(0).heldOut;
    const paying = (reward: number) => ({ ...rows, rewards: rows.rewards.map((each, k) => (k === 7 ? reward : each)) });
    const certified = (reward: number) => {
      const heldOut = { kind: "dataset" as const, rows: paying(reward) };
      return certifyContinuous(job(0, { horizon: 10, coefficient: 1 }, { heldOut }));
    };
    const certificate = await certified(rewards.minimum - 0.5);
    expect(certificate).toMatchObject({ standing: "void", bound: null });
    expect(certificate.reasons).toEqual([expect.stringMatching(/^rewards: the least seen elsewhere is /)]);
    expect((await certified(rewards.minimum)).standing).toBe("conditional");
  });

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

  it("one start has an interval without width: what other starts give cannot be checked", async () => {
    const { bound, ...certificate } = await certifyContinuous(job(0.1, { starts: 1 }));
    expect(bound?.low).toBe(bound?.value);
    expect(verdicts({ bound, ...certificate }).draws).toBe("cannot be checked");
    expect(verdicts(await certifyContinuous(job(0.1, { starts: 2 })))).not.toHaveProperty("draws");
  });

  describe("where the truth ended and the model goes on", () => {
    const { rows } = job(0).heldOut;
    const ending = (ends: (row: number) => boolean) => ({
      heldOut: {
        kind: "dataset" as const,
        rows: { ...rows, terminations: rows.terminations.map((_, row) => Number(ends(row))) },
      },
    });

    it("a step costs the value of what the model samples, which can be the largest of all", async () => {
      const came = await values({ rows: rows.count, columns: 2, data: rows.nextObservations });
      const largest = came.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // The model is exact, so that what it samples at the rows that end is what came there.
      const high = ending((row) => Math.abs(came[row]!) > 0.9 * largest);
      expect((await certifyContinuous(job(0, {}, high))).value.largest).toBeCloseTo(largest, 3);
    });

    it.each([
      ["found", {}],
      ["claimed", { coefficient: 1 }],
    ])(
      "without a pair to take a slope from there is no constant, and no bound by a %s coefficient",
      async (_, options) => {
        const certificate = await certifyContinuous(
          job(
            0.2,
            options,
            ending(() => true),
          ),
        );
        expect(certificate).toMatchObject({
          standing: "void",
          bound: null,
          penalty: { coefficient: null, cost: null },
        });
        expect(certificate.reasons).toEqual([expect.stringMatching(/^no cost: no held-out pair of next states/)]);
        expect(verdicts(certificate)).toMatchObject({
          "u >= error": "cannot be checked",
          "Lipschitz value": "cannot be checked",
        });
      },
    );
  });
});
