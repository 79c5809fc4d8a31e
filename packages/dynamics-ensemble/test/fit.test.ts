import { type DynamicsModel, type FitContext, type Fitted, NumericalError, Random } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { createEnsemble, ensembleOptions, freshPatience, judge } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const options = ensembleOptions.parse({
  members: 3,
  elites: 2,
  hiddenSizes: [16, 16],
  weightDecays: [1e-4, 1e-4, 1e-4],
  batchSize: 64,
  learningRate: 0.01,
  maximumEpochs: 15,
});
const dimensions = { observation: 2, action: 1 };

function fit(model: DynamicsModel, run: FitContext["run"], rows = lineWorld(600, 1), seed = 5): Promise<Fitted> {
  const fitted = () => {
    throw new Error("nothing is required");
  };
  return model.fit({ dataset: inMemoryDataset(rows), engine, random: Random.fromSeed(seed), run, fitted });
}

describe("the fit", () => {
  it("learns the line world, and notes what it did", async () => {
    const run = memoryRun();
    const { facts, tensors } = await fit(createEnsemble(options), run);
    expect(facts.elites).toHaveLength(2);
    expect(Math.min(...(facts.holdoutErrors as number[]))).toBeLessThan(0.5);
    expect(run.rows).toHaveLength(facts.epochs as number);
    expect(run.rows.at(-1)!.figures.holdoutError).toBeLessThan(run.rows[0]!.figures.holdoutError! / 2);
    expect(tensors.maxLogVar!.shape).toEqual([3, 1, 3]);
  });

  it("ends with the same bytes when it was interrupted, in the middle of an epoch, too", async () => {
    const whole = await fit(createEnsemble(options), memoryRun());
    for (const abortAt of [1, 17, 40]) {
      const interrupted = memoryRun({ abortAt });
      await expect(fit(createEnsemble(options), interrupted)).rejects.toThrow("interrupted");
      const from = interrupted.checkpoints.at(-1)!;
      expect(from.step).toBe(abortAt);
      expect(await fit(createEnsemble(options), memoryRun({ from }))).toEqual(whole);
    }
  });

  it("differs with the seed of its stream alone", async () => {
    const once = createEnsemble({ ...options, maximumEpochs: 2 });
    const [a, b] = [await fit(once, memoryRun()), await fit(once, memoryRun())];
    expect(a).toEqual(b);
    const other = await fit(once, memoryRun(), lineWorld(600, 1), 6);
    for (const name of ["weight0", "weight1", "weight2", "inputMean"]) {
      expect(other.tensors[name]!.data).not.toEqual(a.tensors[name]!.data);
    }
  });

  it("stops when the loss is not finite, and says which tensor and since when", async () => {
    const rows = lineWorld(600, 1);
    rows.rewards.fill(1e30);
    await expect(fit(createEnsemble(options), memoryRun(), rows)).rejects.toThrow(NumericalError);
    await expect(fit(createEnsemble(options), memoryRun(), rows)).rejects.toThrow(
      /tensors .*weight0.*since update 1\b/,
    );
  });

  it("keeps the weights of its best epoch, however large the error is", async () => {
    const rows = lineWorld(300, 1);
    for (let i = 0; i < rows.rewards.length; i++) rows.rewards[i]! *= 1e6;
    const { tensors, facts } = await fit(createEnsemble({ ...options, maximumEpochs: 2 }), memoryRun(), rows);
    expect(Math.min(...(facts.holdoutErrors as number[]))).toBeGreaterThan(1e10);
    for (const name of ["weight0", "weight1", "weight2"]) expect([...tensors[name]!.data]).not.toContain(0);
  });

  it("gives no member without weights: it says whose error was never finite", async () => {
    const rows = lineWorld(600, 1);
    const model = createEnsemble({ ...options, maximumEpochs: 2 });
    for (const row of model.holdout!(600, Random.fromSeed(5))) rows.rewards[row] = 1e25;
    await expect(fit(model, memoryRun(), rows)).rejects.toThrow(NumericalError);
    await expect(fit(model, memoryRun(), rows)).rejects.toThrow(
      /^dynamics: members 0, 1, 2: .*held out was never finite\n {2}remedy: /,
    );
  });

  it("goes on from a checkpoint after an epoch whose error was not finite", async () => {
    const rows = lineWorld(600, 1);
    const model = createEnsemble({ ...options, maximumEpochs: 2 });
    for (const row of model.holdout!(600, Random.fromSeed(5))) rows.rewards[row] = 1e25;
    const interrupted = memoryRun({ abortAt: 12 });
    await expect(fit(model, interrupted, rows)).rejects.toThrow("interrupted");
    const { data, ...checkpoint } = interrupted.checkpoints.at(-1)!;
    const from = { ...checkpoint, data: JSON.parse(JSON.stringify(data)) };
    expect(from.data).toEqual(data);
    await expect(fit(model, memoryRun({ from }), rows)).rejects.toThrow(/held out was never finite/);
  });

  it("refuses fewer transitions than can be held out of", async () => {
    await expect(fit(createEnsemble(options), memoryRun(), lineWorld(3, 1))).rejects.toThrow(/too few/);
  });
});

describe("early stopping", () => {
  it("keeps a member only for more than the relative improvement, and counts epochs without", () => {
    const first = judge({ best: [1, 1], epochsWithout: 0 }, [0.995, 0.98], 0.01);
    expect(first).toEqual({ improved: [1], patience: { best: [1, 0.98], epochsWithout: 0 } });
    const second = judge(first.patience, [0.995, 0.98], 0.01);
    expect(second).toEqual({ improved: [], patience: { best: [1, 0.98], epochsWithout: 1 } });
  });

  it("takes any finite first error for an improvement, and no infinite one", () => {
    const fresh = freshPatience(3);
    expect(judge(fresh, [1e300, 3e38, Number.POSITIVE_INFINITY], 0.99).improved).toEqual([0, 1]);
  });

  it("does not take NaN for an improvement", () => {
    expect(judge({ best: [1], epochsWithout: 0 }, [Number.NaN], 0.01).improved).toEqual([]);
  });
});

describe("options", () => {
  it("refuse more elites than members, and a weight decay too few", () => {
    expect(() => ensembleOptions.parse({ members: 3 })).toThrow(/more elites than members/);
    expect(() => ensembleOptions.parse({ relativeImprovement: 1 })).toThrow(/expected number to be <1/);
    expect(() => ensembleOptions.parse({ hiddenSizes: [8] })).toThrow(
      /hiddenSizes asks for 2 weight decays, not 5: for 1 hidden layer and the output layer/,
    );
  });
});

it("samples its noise from the elites alone", async () => {
  const model = createEnsemble(options);
  const { tensors } = await fit(model, memoryRun());
  const { member, sample } = model.stepNoise(dimensions, 4, tensors);
  expect(member).toEqual({ distribution: "choice", shape: [4], values: [...tensors.elites!.data] });
  expect(sample).toEqual({ distribution: "normal", shape: [4, 3] });
});
