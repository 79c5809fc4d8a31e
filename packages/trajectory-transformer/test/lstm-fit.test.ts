import { type FitContext, type Fitted, Random, type RunHandle } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { createLstm, createTokenDensity, fittedModel, lstmOptions, openTokenModel, rollOut } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const options = lstmOptions.parse({
  transitions: 3,
  bins: 8,
  layers: 1,
  embedding: 16,
  updates: 60,
  batchSize: 8,
  learningRate: 1e-2,
  logEvery: 20,
  checkpointEvery: 25,
});

function contextOf(run: RunHandle): FitContext {
  const fitted = (): Fitted => ({ tensors: {}, facts: {} });
  const dataset = inMemoryDataset(lineWorld(400, 1));
  return { dataset, heldOut: inMemoryDataset(lineWorld(100, 2)), engine, random: Random.fromSeed(3), run, fitted };
}

describe("fitting the LSTM", () => {
  it("lowers the loss, and leaves a model that is sampled from", async () => {
    const run = memoryRun();
    const model = createLstm(options);
    const { tensors, facts } = await model.fit(contextOf(run));
    const losses = run.rows.flatMap(({ figures }) => figures.loss ?? []);
    expect(losses.at(-1)).toBeLessThan(0.95 * losses[0]!);
    const fitted = fittedModel(tensors);
    const transition = fitted.sizes.observation + fitted.sizes.action + 2;
    const positions = 3 * transition - 1;
    expect(fitted.architecture).toEqual({
      network: "lstm",
      layers: 1,
      embedding: 16,
      bins: 8,
      terminates: true,
      transition,
      positions,
    });
    expect(model.contextLength(tensors)).toBe(positions);
    expect(facts).toMatchObject({ updates: 60, loss: losses.at(-1) });
    const opened = openTokenModel(engine, fitted);
    const starts = [{ observation: new Float32Array(fitted.sizes.observation) }];
    const { observations } = await rollOut(opened, { starts, samples: 2, steps: 5, random: Random.fromSeed(1) });
    expect(observations.every(Number.isFinite)).toBe(true);
    await opened.decoder.close();
  });

  it.each([
    ["one mini-batch", {}],
    ["two mini-batches, and a held-out loss", { accumulate: 2, heldOut: 0.2 }],
  ])("ends with the same bytes wherever it was interrupted: steps of %s", async (_, changes) => {
    const model = createLstm({ ...options, ...changes });
    const wanted = await model.fit(contextOf(memoryRun()));
    const interrupted = memoryRun({ abortAt: 33 });
    await expect(model.fit(contextOf(interrupted))).rejects.toThrow("interrupted");
    expect(await model.fit(contextOf(memoryRun({ from: interrupted.checkpoints.at(-1)! })))).toEqual(wanted);
  });

  it("is refused as a density of actions, which reads the Transformer", async () => {
    const fitted = await createLstm({ ...options, updates: 2 }).fit(contextOf(memoryRun()));
    const context = { ...contextOf(memoryRun()), fitted: () => fitted };
    await expect(createTokenDensity().fit(context)).rejects.toThrow("cannot read an LSTM");
  });
});
