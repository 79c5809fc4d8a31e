import { rolloutPartsOf, trainDyna } from "@lowerbound/actor-critic";
import {
  type CriticFunction,
  DataError,
  holdOut,
  hostFloat32,
  NumericalError,
  Random,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { chooseBeta, combo, comboHooks, criticGap } from "../src/index.js";
import { contextOf, engine, making, makingWith, options, partsWith } from "./world.js";

afterAll(() => engine.dispose());

describe("beta chosen without the environment", () => {
  const automatic = { ...options, beta: "auto" } as const;

  it("trains every candidate, then the chosen one as if it had been given", async () => {
    const run = memoryRun();
    const { tensors, facts } = await combo.create(automatic, making).train(contextOf(run));
    const terms = facts.betaTerms as unknown as { beta: number; term: number }[];
    expect(terms.map(({ beta }) => beta)).toEqual([0, 2]);
    const { beta } = chooseBeta(terms);
    expect(facts.beta).toBe(beta);
    const given = await combo.create({ ...options, beta }, making).train(contextOf(memoryRun()));
    expect(tensors).toEqual(given.tensors);
    // Twenty updates a candidate, then forty: a row every ten.
    expect(run.rows.map(({ step }) => step)).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
  });

  it("is refused where there is one episode, which cannot be held out and trained on: before anything is fitted", async () => {
    const info = { ...(await inMemoryDataset(lineWorld(20, 1)).info()), heldOut: 0 };
    const { check } = combo.create(automatic, making);
    expect(() => check?.(info)).toThrow(DataError);
    expect(() => check?.({ ...info, episodes: 2 })).not.toThrow();
    expect(combo.create(options, making).check).toBeUndefined();
  });

  it("ends with the same bytes wherever it was interrupted, in the second candidate too", async () => {
    const algorithm = combo.create(automatic, making);
    const wanted = await algorithm.train(contextOf(memoryRun()));
    for (const abortAfter of [7, 27, 40, 55]) {
      const interrupted = memoryRun({ abortAfter });
      await expect(algorithm.train(contextOf(interrupted))).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await algorithm.train(contextOf(resumed))).toEqual(wanted);
    }
  });

  it("goes on without a candidate whose training breaks", async () => {
    const broken = combo.create({ ...automatic, betaCandidates: [1e38, 1] }, making);
    const { facts } = await broken.train(contextOf(memoryRun()));
    expect(facts.betaTerms).toEqual([
      { beta: 1e38, term: null },
      { beta: 1, term: expect.any(Number) },
    ]);
    expect(facts.beta).toBe(1);
  });

  it("does not call for larger ones where the training of every candidate breaks", async () => {
    const broken = combo.create({ ...automatic, betaCandidates: [1e38, 2e38] }, making);
    const notes: string[] = [];
    const run = { ...memoryRun(), note: (message: string) => void notes.push(message) };
    await expect(broken.train(contextOf(run))).rejects.toThrow(NumericalError);
    expect(notes.at(-1)).toMatch(
      /^beta 1e\+38, the first, is taken, for training broke.*: lower them, or the learning rates$/,
    );
  });

  it("is the same beside a penalty that was fitted", async () => {
    const scaled: UncertaintyPenalty = {
      seesMembers: false,
      fit: () => Promise.reject(new Error("fitted before")),
      penalise: ({ action }, { scale }) => tf.mul(tf.norm(action, 1, -1), tf.squeeze(scale!)),
    };
    const algorithm = combo.create({ ...automatic, penaltyCoefficient: 1 }, makingWith(UncertaintyPenalty, scaled));
    const fitted = () => ({ tensors: { scale: hostFloat32(Float32Array.of(1), 1) }, facts: {} });
    const { tensors, facts } = await algorithm.train({ ...contextOf(memoryRun()), fitted });
    const plain = await combo.create({ ...automatic, penaltyCoefficient: 1 }, making).train(contextOf(memoryRun()));
    expect(facts.betaTerms).toEqual(plain.facts.betaTerms);
    expect(tensors).toEqual(plain.tensors);
  });

  it("takes the smallest term, says whether it is negative, and lets what is no number lose", () => {
    const terms = [
      { beta: 0.5, term: 0.2 },
      { beta: 1, term: -3 },
      { beta: 5, term: null },
    ];
    expect(chooseBeta(terms)).toEqual({ beta: 1, passed: true });
    expect(chooseBeta(terms.slice(0, 1))).toEqual({ beta: 0.5, passed: false });
    expect(chooseBeta(terms.slice(2))).toEqual({ beta: 5, passed: false });
  });

  it("judges a critic by Q on rollouts less Q on held-out data", async () => {
    const context = contextOf(memoryRun());
    const parts = partsWith(comboHooks(0, options), 1);
    const { tensors } = await trainDyna(context, parts, { ...options, updates: 300 });
    const heldOut = await context.dataset.transitions();
    const gap = (shift: number) =>
      rolloutPartsOf(context, partsWith({}, shift)).then((rolloutParts) =>
        criticGap({
          engine,
          parts: rolloutParts,
          tensors,
          heldOut,
          rolloutLength: 3,
          random: Random.fromSeed(1),
          signal: context.run.signal,
        }),
      );
    // A model that runs off to where nothing is paid is worth less than one that is true.
    expect(await gap(3)).toBeLessThan(await gap(0));
  });
});

describe("the critic gap", () => {
  it("is none where Q falls on the policy's states as it does on the data's, however the log is ordered", async () => {
    const context = contextOf(memoryRun());
    const { optimiser, ...others } = partsWith({});
    const position: CriticFunction = {
      state: () => ({}),
      value: (observation) => tf.expandDims(tf.slice(observation, [0, 0], [-1, 1]), 0),
    };
    const parts = await rolloutPartsOf(context, { ...others, optimiser: { ...optimiser, critic: position } });
    // Old policies stayed at 0, newer ones at 2; a rollout of one step is at its start.
    const rows = lineWorld(5000, 1);
    const observations = rows.observations.map((_, i) => (i < 5000 ? 0 : 2));
    const heldOut = await inMemoryDataset({ ...rows, observations }).transitions();
    const tensors = optimiser.initialise({ observation: 2, action: 1 }, Random.fromSeed(2));
    const job = { engine, parts, tensors, heldOut, rolloutLength: 1, random: Random.fromSeed(1) };
    expect(await criticGap({ ...job, signal: context.run.signal })).toBeCloseTo(0, 5);
  });
});

describe("held-out episodes", () => {
  it("are whole, in one part only, and at least one", async () => {
    const dataset = inMemoryDataset(lineWorld(100, 1));
    const all = await dataset.transitions();
    const split = await holdOut(dataset, 0.1, Random.fromSeed(5));
    const [train, heldOut] = [await split.fitting.transitions(), await split.heldOut.transitions()];
    expect([train.count, heldOut.count]).toEqual([80, 20]);
    expect(heldOut.episodeStarts).toEqual(Int32Array.of(0, 20));
    const rewards = [...train.rewards, ...heldOut.rewards].sort();
    expect(rewards).toEqual([...all.rewards].sort());
    const from = all.rewards.indexOf(heldOut.rewards[0]!);
    expect(from % 20).toBe(0);
    expect(heldOut.observations).toEqual(all.observations.slice(2 * from, 2 * (from + 20)));
  });
});
