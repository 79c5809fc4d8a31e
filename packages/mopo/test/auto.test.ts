import { float32, hostFloat32, type Json } from "@lowerbound/core";
import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { choosePenalty, judgeByFqe, judgeByTheorem, mopo } from "../src/index.js";
import { mopoOptions } from "../src/options.js";
import { contextOf, DISCOUNT, data, engine, makingWith, options, partsWith } from "./world.js";

afterAll(() => engine.dispose());

/** A policy a = -gain x, whose gain stands for what training came to. */
const steering = {
  policy: {
    state: () => ({ gain: float32(1) }),
    noise: () => ({}),
    act: (observation: tf.Tensor, params: Readonly<Record<string, tf.Tensor>>) =>
      tf.mul(tf.neg(params.gain!), tf.slice(observation, [0, 0], [-1, 1])),
  },
};
const byScore = { by: "score", reach: null };
const gains = [0, 0.5, 2];
/** Between 4.7, from which on steering by halves beats steering home at once, and 7.3, from which on rest beats both. */
const COEFFICIENT = 6;
const judging = (gain: number) => {
  const parts = partsWith(0);
  return {
    context: contextOf(memoryRun()),
    parts: { ...parts, optimiser: { ...parts.optimiser, ...steering } },
    options,
    tensors: { gain: hostFloat32(Float32Array.of(gain), 1) },
  };
};

/** What the policy earns and what its effort comes to, from the first observations of four of the log's episodes. */
async function byHand(gain: number): Promise<{ modelReturn: number; uncertainty: number }> {
  const { observations, episodeStarts } = await data().transitions();
  const sums = { modelReturn: 0, uncertainty: 0 };
  for (const episode of [0, 5, 10, 15]) {
    let x = observations[2 * episodeStarts[episode]!]!;
    for (let step = 0; step < options.modelReturnHorizon; step++) {
      sums.uncertainty += (DISCOUNT ** step * gain * Math.abs(x)) / 4;
      x *= 1 - gain / 2;
      sums.modelReturn += (DISCOUNT ** step * (1 - x * x)) / 4;
    }
  }
  return sums;
}

describe("the rule of the theorem", () => {
  it("chooses the middle lambda where little steering earns too little and much costs too much", async () => {
    const candidates = [];
    for (const [at, gain] of gains.entries()) {
      const { score, figures } = await judgeByTheorem(judging(gain), COEFFICIENT);
      const { modelReturn, uncertainty } = await byHand(gain);
      expect(figures.modelReturn).toBeCloseTo(modelReturn, 4);
      expect(figures.uncertainty).toBeCloseTo(uncertainty, 4);
      expect(score).toBeCloseTo(modelReturn - COEFFICIENT * uncertainty, 3);
      // The largest lambda steers least.
      candidates.push({ penaltyCoefficient: [5, 1, 0.1][at]!, score, figures });
    }
    expect(choosePenalty(candidates, byScore).penaltyCoefficient).toBe(1);
    // By what the model pays alone, the one that steers most would win.
    const paid = candidates.map((each) => ({ ...each, score: each.figures.modelReturn! }));
    expect(choosePenalty(paid, byScore).penaltyCoefficient).toBe(0.1);
  });

  it("lets what is no number lose, and is careful where nothing else is left", () => {
    const candidate = (penaltyCoefficient: number, score: number | null) => ({
      penaltyCoefficient,
      score,
      figures: {},
    });
    expect(choosePenalty([candidate(1, null), candidate(2, -50)], byScore).penaltyCoefficient).toBe(2);
    const none = choosePenalty([candidate(3, null), candidate(7, null), candidate(5, null)], byScore);
    expect(none.penaltyCoefficient).toBe(7);
    expect(none.reason).toContain("no candidate has a finite score");
    expect(choosePenalty([candidate(1, 4), candidate(2, 4)], byScore).penaltyCoefficient).toBe(1);
  });

  it("passes over what meets more u than any logged episode", () => {
    const candidate = (penaltyCoefficient: number, score: number | null, uncertainty: number | null) => ({
      penaltyCoefficient,
      score,
      figures: { uncertainty },
    });
    const candidates = [candidate(1, 9, 3.5), candidate(2, 8, null), candidate(3, 5, 3), candidate(4, 4, 1)];
    const chosen = (reach: number | null) => choosePenalty(candidates, { by: "score", reach });
    expect(chosen(null).penaltyCoefficient).toBe(1);
    expect(chosen(3).penaltyCoefficient).toBe(3);
    expect(chosen(2).penaltyCoefficient).toBe(4);
    expect(chosen(0.5)).toEqual({
      penaltyCoefficient: 4,
      reason: "no candidate has a finite score within a sum of u of 0.500: the largest is the most careful",
    });
    // Trained anew, the one that broke would break again.
    expect(choosePenalty([...candidates, candidate(10, null, null)], { by: "score", reach: 0.5 })).toEqual({
      penaltyCoefficient: 4,
      reason:
        "no candidate has a finite score within a sum of u of 0.500: the largest that did not run off is the most careful",
    });
  });
});

describe("fitted Q evaluation in its place", () => {
  it("values a policy that steers to where rewards are above one that stays away", async () => {
    const long = (gain: number) => ({ ...judging(gain), options: { ...options, valueUpdates: 500 } });
    const [away, home] = [await judgeByFqe(long(-1)), await judgeByFqe(long(1))];
    expect(home.score).toBeGreaterThan(away.score!);
    expect(home.figures.low).toBeLessThanOrEqual(home.score!);
    expect(home.figures.high).toBeGreaterThanOrEqual(home.score!);
  });
});

const calibrated = { coefficient: 2, reach: 1e6, reason: null };

interface Selection {
  readonly rule: string;
  readonly coefficient: number | null;
  readonly why: string | null;
  readonly candidates: readonly { penaltyCoefficient: number; score: number; figures: Record<string, number> }[];
}
const selectionOf = (facts: { readonly [key: string]: Json }) => facts.selection as unknown as Selection;

describe("lambda chosen without the environment", () => {
  const automatic = mopo.create(options, makingWith(0));

  it("trains every candidate, then the chosen one as if it had been given", async () => {
    const run = memoryRun();
    const { tensors, facts } = await automatic.train(contextOf(run, calibrated));
    const { rule, coefficient, candidates } = selectionOf(facts);
    expect([rule, coefficient]).toEqual(["theorem", 2]);
    expect(candidates.map(({ penaltyCoefficient }) => penaltyCoefficient)).toEqual([0.1, 1, 3]);
    for (const { score, figures } of candidates)
      expect(score).toBeCloseTo(figures.modelReturn! - 2 * figures.uncertainty!, 8);
    const { penaltyCoefficient } = choosePenalty(candidates, byScore);
    expect(facts.penaltyCoefficient).toBe(penaltyCoefficient);
    const given = await mopo.create({ ...options, penaltyCoefficient }, makingWith(0)).train(contextOf(memoryRun()));
    expect(tensors).toEqual(given.tensors);
    const brief = mopo.create({ ...options, penaltyCoefficient: 3, updates: 20 }, makingWith(0));
    expect([...run.snapshots.keys()]).toEqual(["lambda-0.1", "lambda-1", "lambda-3"]);
    expect(run.snapshots.get("lambda-3")!.tensors).toEqual((await brief.train(contextOf(memoryRun()))).tensors);
    // Three candidates of twenty updates, then forty: a row every ten.
    expect(run.rows.map(({ step }) => step)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it("ends with the same bytes wherever it was interrupted, in the middle of a candidate too", async () => {
    const wanted = await automatic.train(contextOf(memoryRun(), calibrated));
    for (const updates of [7, 27, 40, 59, 77]) {
      const interrupted = memoryRun({ abortAfter: updates });
      await expect(automatic.train(contextOf(interrupted, calibrated))).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await automatic.train(contextOf(resumed, calibrated))).toEqual(wanted);
    }
  });

  it("compares by fitted Q evaluation, and says why, where there is no coefficient", async () => {
    const reason = "no coefficient covers the errors of 8 held-out episodes: the penalty is 0 there";
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    const { facts } = await automatic.train(contextOf(run, { coefficient: null, reach: null, reason }));
    const { rule, why, candidates } = selectionOf(facts);
    expect([rule, why]).toEqual(["fqe", reason]);
    expect(notes[0]).toBe(`candidates are compared by their return by fitted Q evaluation: ${reason}`);
    expect(candidates[0]!.figures.low).toBeLessThanOrEqual(candidates[0]!.score);
  });

  it("says why a candidate has no estimate", async () => {
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    const failing: typeof engine = {
      ...engine,
      compile: async (program) => {
        const compiled = await engine.compile(program);
        if (program.name !== "fitted-q-evaluation-update") return compiled;
        return { ...compiled, run: async () => ({ loss: hostFloat32(Float32Array.of(Number.NaN)) }) };
      },
    };
    const reason = "selection is fqe";
    const context = { ...contextOf(run, { coefficient: null, reach: null, reason }), engine: failing };
    const { facts } = await automatic.train(context);
    expect(selectionOf(facts).candidates.map(({ score }) => score)).toEqual([null, null, null]);
    expect(notes).toContain("lambda 0.1 is given up: fitted Q evaluation: the loss is NaN after 0 updates");
  });

  it("warns of pessimism that outweighs the reward for the chosen lambda alone", async () => {
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    const heavy = mopo.create({ ...options, penaltyCandidates: [50, 100] }, makingWith(0));
    await heavy.train(contextOf(run, calibrated));
    expect(notes.filter((each) => each.startsWith("pessimism costs"))).toHaveLength(1);
  });

  it("goes on without a candidate whose training breaks, and says what broke", async () => {
    const broken = mopo.create({ ...options, penaltyCandidates: [1e38, 1] }, makingWith(0));
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    const { facts } = await broken.train(contextOf(run, calibrated));
    expect(notes[0]).toMatch(/^lambda 1e\+38 is given up: train: tensors .*critic.* since update \d+$/);
    expect(selectionOf(facts).candidates[0]!.score).toBeNull();
    expect(facts.penaltyCoefficient).toBe(1);
  });
});

describe("its options", () => {
  it("are refused where no candidate, no share or no rule is left", () => {
    for (const wrong of [
      { penaltyCandidates: [] },
      { penaltyCandidates: [-1] },
      { penaltyCoefficient: "automatic" },
      { calibrationHeldOut: 1 },
      { calibrationLevel: 0 },
      { selection: "truth" },
    ])
      expect(mopoOptions.safeParse(wrong).success).toBe(false);
  });
});
