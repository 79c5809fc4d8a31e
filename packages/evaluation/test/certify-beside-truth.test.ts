import { afterAll, describe, expect, it } from "vitest";
import { certifyContinuous, measuredRows, type PlayedTruth } from "../src/index.js";
import { engine, job, transitions, trueReturn, verdicts } from "./line-certificate.js";

afterAll(() => engine.dispose());

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

  /** Visits of the policy that the model is off by `errors` at in reward and by nothing else, in turn; five episodes. */
  function visitsOff(shift: number, errors: readonly number[]): PlayedTruth["visits"] {
    const rows = measuredRows(transitions, picks);
    const nextOf = (k: number) => rows.observations[2 * k]! + shift + 0.5 * rows.actions[k]!;
    return {
      ...rows,
      nextObservations: rows.nextObservations.map((_, i) => nextOf(i >> 1) / (1 + (i % 2))),
      rewards: rows.rewards.map((_, k) => 1 - nextOf(k) ** 2 + errors[k % errors.length]!),
    };
  }

  it.each([
    ["a fifth covered at a level of 90 %, though by more than the mean error", [1.05, 1.05, 1.05, 1.05, 0.5], true],
    ["all but one in twenty covered, but by less than the mean error", [...Array(19).fill(0.9), 20], true],
    ["nineteen of twenty covered, by more than the mean error", [...Array(19).fill(0.2), 1.5], false],
  ])("visits with %s", async (_, relative, fails) => {
    const { penalty } = await certifyContinuous(job(0.1));
    const claimed = 2 * penalty.coefficient!;
    const visits = visitsOff(
      0.1,
      relative.map((each) => each * claimed),
    );
    const certificate = await certifyContinuous(job(0.1, {}, { truth: { ...seen(trueReturn(), picks), visits } }));
    expect(verdicts(certificate)["the policy's visits"]).toBe(fails ? "seen to fail" : "not seen to fail");
    expect(certificate.standing).toBe(fails ? "void" : "conditional");
    expect(certificate.bound === null).toBe(fails);
    if (fails) expect(certificate.reasons).toEqual([expect.stringMatching(/^the policy's visits: in the simulator/)]);
  });

  it("visits and return of one episode alone tell nothing", async () => {
    const one = Int32Array.from({ length: 20 }, (_, k) => k);
    const { bound } = await certifyContinuous(job(0.1));
    const truth = { ...seen(bound!.low - 1, one), episodes: 1 };
    const certificate = await certifyContinuous(job(0.1, {}, { truth }));
    expect(certificate).toMatchObject({ standing: "conditional", reasons: [] });
    expect(verdicts(certificate)["the policy's visits"]).toBe("cannot be checked");
    expect(verdicts(certificate)["the bound itself"]).toBe("cannot be checked");
    expect(certificate.assumptions.at(-1)?.seen).toMatch(/of 1 episode: too few to tell$/);
  });

  it("a visit that pays less than the least logged reward voids it", async () => {
    const { rewards } = await certifyContinuous(job(0));
    const { visits, ...truth } = seen(trueReturn(), picks);
    const paid = visits.rewards.map((reward, k) => (k === 3 ? rewards.minimum - 1 : reward));
    const certificate = await certifyContinuous(
      job(0, { coefficient: 1 }, { truth: { ...truth, visits: { ...visits, rewards: paid } } }),
    );
    expect(certificate).toMatchObject({ standing: "void", bound: null });
    expect(certificate.reasons).toEqual([expect.stringMatching(/^rewards: /)]);
  });

  it("a truth below the bound voids it", async () => {
    const { bound } = await certifyContinuous(job(0.1));
    const certificate = await certifyContinuous(job(0.1, {}, { truth: seen(bound!.low - 1, picks) }));
    expect(certificate).toMatchObject({ standing: "void", bound: null });
    expect(certificate.reasons[0]).toContain("the bound itself");
  });
});
