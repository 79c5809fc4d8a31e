import { rolloutPartsOf, trainDyna } from "@lowerbound/actor-critic";
import { ConfigError, DataError, Random } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";
import { chooseBeta, combo, comboHooks, criticGap, splitEpisodes } from "../src/index.js";
import { contextOf, engine, making, options, partsWith } from "./world.js";

afterAll(() => engine.dispose());

describe("golden files", () => {
  it.each(["mix", "mix-all-samples", "model", "model-lagrange"])("%s", (name) =>
    expectParity(new URL(`fixtures/combo/${name}.json`, import.meta.url), engine),
  );
});

describe("COMBO", () => {
  it("finds a policy better than the data's, and logs how well Q tells model from data", async () => {
    const algorithm = combo.create({ ...options, beta: 0.5, updates: 1500, rolloutFrequency: 100 }, making);
    const run = memoryRun();
    const { facts } = await algorithm.train(contextOf(run));
    // Staying at 0 pays 1 a step; the behaviour's mean reward is near 0.
    expect(facts.modelReturn).toBeGreaterThan(6);
    const { dataQ, modelQ, qGap, qSeparation, conservativeTerm } = run.rows.at(-1)!.figures;
    expect(qGap!).toBeCloseTo(dataQ! - modelQ!, 4);
    expect(qSeparation!).toBeGreaterThan(0.05);
    expect(qSeparation!).toBeLessThan(0.95);
    expect(Number.isFinite(conservativeTerm)).toBe(true);
  });

  it("values the data above a larger share of model rows the larger beta is", async () => {
    const gapOf = async (beta: number): Promise<number> => {
      const run = memoryRun();
      await combo.create({ ...options, beta, rho: "model", updates: 300, logEvery: 300 }, making).train(contextOf(run));
      return run.rows.at(-1)!.figures.qGap!;
    };
    expect(await gapOf(5)).toBeGreaterThan(await gapOf(0));
  });

  it("lowers the model's rewards by a penalty besides, where it is given a coefficient", async () => {
    const figuresAt = async (penaltyCoefficient: number) => {
      const run = memoryRun();
      await combo.create({ ...options, beta: 1, penaltyCoefficient }, making).train(contextOf(run));
      return run.rows.findLast(({ figures }) => figures.modelReward !== undefined)!.figures;
    };
    const [published, penalised] = [await figuresAt(0), await figuresAt(2)];
    expect(published.reshapedReward).toBe(published.modelReward);
    expect(penalised.penalty).toBeGreaterThan(0);
    expect(penalised.reshapedReward).toBeCloseTo(penalised.modelReward! - 2 * penalised.penalty!, 4);
    expect(penalised).toHaveProperty("conservativeTerm");
  });

  it("ends with the same bytes wherever it was interrupted", async () => {
    const algorithm = combo.create({ ...options, lagrangeThreshold: 1, beta: 1 }, making);
    const wanted = await algorithm.train(contextOf(memoryRun()));
    for (const abortAt of [7, 33]) {
      const interrupted = memoryRun({ abortAt });
      await expect(algorithm.train(contextOf(interrupted))).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await algorithm.train(contextOf(resumed))).toEqual(wanted);
    }
  });

  it("refuses batches without data, or without model rows", () => {
    for (const realRatio of [0, 0.02, 1])
      expect(() => combo.create({ ...options, realRatio }, making)).toThrow(ConfigError);
  });
});

describe("its forms", () => {
  it("pushes down at the rows of the model, or at all; the paper's form at the policy's actions alone", () => {
    const shapes = (changes: Partial<typeof options>) => {
      const { noise } = comboHooks(1, { ...options, ...changes }).criticRegulariser!;
      return Object.entries(noise({ observation: 2, action: 1 }, 32)).map(([name, { shape }]) => [name, ...shape]);
    };
    expect(shapes({})).toEqual([
      ["noise/policy", 3, 32, 1],
      ["noise/nextPolicy", 3, 32, 1],
      ["noise/uniform", 3, 32, 1],
    ]);
    expect(shapes({ rho: "model", realRatio: 0.25 })[0]).toEqual(["noise/policy", 3, 24, 1]);
    expect(shapes({ form: "paper" })).toEqual([["noise/policy", 3, 32, 1]]);
  });

  it("trains in the paper's form", async () => {
    const run = memoryRun();
    await combo.create({ ...options, form: "paper", rho: "model" }, making).train(contextOf(run));
    const { conservativeTerm, conservativeLoss1, conservativeLoss2 } = run.rows.at(-1)!.figures;
    // Twice beta times the term, for the squared error that the paper halves.
    expect(2 * 2 * conservativeTerm!).toBeCloseTo(conservativeLoss1! + conservativeLoss2!, 4);
  });
});

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

  it("ends with the same bytes wherever it was interrupted", async () => {
    const algorithm = combo.create(automatic, making);
    const wanted = await algorithm.train(contextOf(memoryRun()));
    for (const abortAt of [7, 33]) {
      const interrupted = memoryRun({ abortAt });
      await expect(algorithm.train(contextOf(interrupted))).rejects.toThrow("interrupted");
      const resumed = memoryRun({ from: interrupted.checkpoints.at(-1)! });
      expect(await algorithm.train(contextOf(resumed))).toEqual(wanted);
    }
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

describe("held-out episodes", () => {
  it("are whole, in one part only, and at least one", async () => {
    const all = await inMemoryDataset(lineWorld(100, 1)).transitions();
    const { train, heldOut } = splitEpisodes(all, 0.1, Random.fromSeed(5));
    expect([train.count, heldOut.count]).toEqual([80, 20]);
    expect(heldOut.episodeStarts).toEqual(Int32Array.of(0, 20));
    const rewards = [...train.rewards, ...heldOut.rewards].sort();
    expect(rewards).toEqual([...all.rewards].sort());
    const from = all.rewards.indexOf(heldOut.rewards[0]!);
    expect(from % 20).toBe(0);
    expect(heldOut.observations).toEqual(all.observations.slice(2 * from, 2 * (from + 20)));
  });

  it("are refused where there is one episode", async () => {
    const all = await inMemoryDataset(lineWorld(20, 1)).transitions();
    expect(() => splitEpisodes(all, 0.5, Random.fromSeed(5))).toThrow(DataError);
  });
});
