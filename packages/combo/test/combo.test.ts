import { createPpo, ppoOptions } from "@lowerbound/actor-critic";
import { CapabilityError, type CriticRegulariser, Optimiser, type UpdateHooks } from "@lowerbound/core";
import { memoryRun } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";
import { combo, comboHooks } from "../src/index.js";
import { contextOf, engine, making, makingWith, options } from "./world.js";

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

  it("refuses an optimiser without critics before anything is fitted", () => {
    const withPpo = makingWith(Optimiser, createPpo(ppoOptions.parse({})));
    for (const beta of [1, "auto"] as const)
      expect(() => combo.create({ ...options, beta }, withPpo)).toThrow(CapabilityError);
  });

  it("refuses to choose beta by a critic that the optimiser does not hand out, before anything is fitted", () => {
    const { critic: _, ...without } = making.inject(Optimiser);
    const withoutCritic = makingWith(Optimiser, without);
    const choosing = () => combo.create({ ...options, beta: "auto" }, withoutCritic);
    expect(choosing).toThrow(/no critic to choose beta by[\s\S]*remedy: .*algorithm\.beta/);
    expect(() => combo.create({ ...options, beta: 1 }, withoutCritic)).not.toThrow();
  });

  it("refuses batches without data, or without model rows", () => {
    for (const realRatio of [0, 0.02, 1])
      expect(() => combo.create({ ...options, realRatio }, making)).toThrow(/rows of both the data and the model/);
  });
});

describe("uniform actions", () => {
  it.each([undefined, 0.4, 2])("come from the policy's box: %s", async (maximumAction) => {
    let hooks: UpdateHooks = {};
    const optimiser = making.inject(Optimiser);
    const telling: Optimiser = {
      ...optimiser,
      policy: { ...optimiser.policy, ...(maximumAction === undefined ? {} : { maximumAction }) },
      update: (dimensions, batch, given) => {
        hooks = given;
        return optimiser.update(dimensions, batch, given);
      },
    };
    await combo.create({ ...options, updates: 1 }, makingWith(Optimiser, telling)).train(contextOf(memoryRun()));
    await tf.setBackend("cpu");
    expect(largestAction(hooks.criticRegulariser!)).toBeCloseTo(maximumAction ?? 1, 5);
  });

  /** Of the actions at which Q is pushed down, where the policy does nothing and uniform noise is at its largest. */
  function largestAction({ loss }: CriticRegulariser): number {
    const rows = options.batchSize;
    const [pairs, column] = [tf.zeros([rows, 1]), tf.zeros([options.actionSamples, rows, 1])];
    const seen: number[] = [];
    const criticOfActions = (_: tf.Tensor, actions: tf.Tensor) => {
      seen.push(tf.max(actions).dataSync()[0]!);
      return tf.zeros([2, actions.shape[0]!, rows]);
    };
    loss({
      batch: { observation: pairs, action: pairs, reward: pairs, nextObservation: pairs, termination: pairs },
      fromData: tf.concat([tf.ones([rows / 2, 1]), tf.zeros([rows / 2, 1])]),
      q: tf.zeros([2, rows, 1]),
      critic: () => tf.zeros([2, rows, 1]),
      criticOfActions,
      sumOfGroups: (groups, valueAt) => {
        const all = Array.from({ length: groups }, (_, group) => valueAt(criticOfActions, group));
        return { value: tf.addN(all.map(({ value }) => value)), extras: all.map(({ extra }) => extra) };
      },
      policy: () => ({ action: column, logProbability: column }),
      noise: { "noise/policy": column, "noise/nextPolicy": column, "noise/uniform": tf.onesLike(column) },
      state: {},
    });
    return Math.max(...seen);
  }
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
