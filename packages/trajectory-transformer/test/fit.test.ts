import { type Engine, type FitContext, type Fitted, Random, type RunHandle } from "@lowerbound/core";
import { inMemoryDataset } from "@lowerbound/datasets";
import { createAutoEngine } from "@lowerbound/runtime";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { createTransformer, fittedModel, transformerOptions } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const options = transformerOptions.parse({
  transitions: 3,
  bins: 8,
  layers: 1,
  heads: 2,
  embedding: 16,
  updates: 60,
  batchSize: 8,
  learningRate: 3e-3,
  logEvery: 20,
  checkpointEvery: 25,
});

function contextOf(run: RunHandle): FitContext {
  const fitted = (): Fitted => ({ tensors: {}, facts: {} });
  const dataset = inMemoryDataset(lineWorld(400, 1));
  const heldOut = inMemoryDataset(lineWorld(100, 2));
  return { dataset, heldOut, engine, random: Random.fromSeed(3), run, fitted };
}

describe("fitting the transformer", () => {
  it("lowers the loss, and leaves a model that planners read", async () => {
    const run = memoryRun();
    const { tensors, facts } = await createTransformer(options).fit(contextOf(run));
    const losses = run.rows.flatMap(({ figures }) => figures.loss ?? []);
    expect(losses).toHaveLength(3);
    expect(losses.at(-1)).toBeLessThan(0.95 * losses[0]!);
    expect(facts).toMatchObject({ updates: 60, loss: losses.at(-1) });
    const { architecture, sizes } = fittedModel(tensors);
    const transition = sizes.observation + sizes.action + 2;
    expect(architecture).toMatchObject({ layers: 1, heads: 2, bins: 8, transition, positions: 3 * transition - 1 });
    expect(createTransformer(options).contextLength(tensors)).toBe(3 * transition - 1);
  });

  it.each([
    ["one mini-batch", {}],
    ["two mini-batches, and a held-out loss", { accumulate: 2, heldOut: 0.2 }],
  ])("ends with the same bytes wherever it was interrupted: steps of %s", async (_, changes) => {
    const model = createTransformer({ ...options, ...changes });
    const wanted = await model.fit(contextOf(memoryRun()));
    for (const abortAt of [1, 33, 60]) {
      const interrupted = memoryRun({ abortAt });
      await expect(model.fit(contextOf(interrupted))).rejects.toThrow("interrupted");
      const from = interrupted.checkpoints.at(-1)!;
      expect(await model.fit(contextOf(memoryRun({ from })))).toEqual(wanted);
    }
  });

  it("measures the loss on held-out episodes without learning from them", async () => {
    const run = memoryRun();
    const model = createTransformer({ ...options, heldOut: 0.2 });
    const { tensors, facts } = await model.fit(contextOf(run));
    expect(model.holdsOut).toBe(0.2);
    const measured = run.rows.flatMap(({ step, figures }) =>
      figures.heldOutLoss === undefined ? [] : [[step, figures.heldOutLoss] as const],
    );
    expect(measured.map(([step]) => step)).toEqual([25, 50]);
    expect(measured[1]![1]).toBeLessThan(measured[0]![1]);
    expect(facts.heldOutLoss).toBeLessThan(measured[1]![1]);
    expect(tensors).toEqual((await createTransformer(options).fit(contextOf(memoryRun()))).tensors);
  });

  it.each([
    ["trajectory-transformer-step", { accumulate: 2 }],
    ["trajectory-transformer-loss", { heldOut: 0.2 }],
  ])("gives back every program where %s cannot be compiled", async (name, changes) => {
    const [given, back] = [new Set<string>(), new Set<string>()];
    const failing: Engine = {
      ...engine,
      compile: async (program) => {
        if (program.name === name) throw new Error("out of memory");
        const compiled = await engine.compile(program);
        given.add(program.name);
        const dispose = () => {
          back.add(program.name);
          return compiled.dispose();
        };
        return { ...compiled, run: (...how) => compiled.run(...how), dispose };
      },
    };
    const fitting = createTransformer({ ...options, ...changes }).fit({ ...contextOf(memoryRun()), engine: failing });
    await expect(fitting).rejects.toThrow("out of memory");
    expect(given.size).toBeGreaterThan(0);
    expect(back).toEqual(given);
  });

  it.each([
    ["episodes shorter than a window", {}],
    ["windows with a goal before them", { goal: "episode" }],
    ["every other step", { step: 2 }],
  ] as const)("lets the step size fall to a tenth by the last update: %s", async (_, changes) => {
    const run = memoryRun();
    const short = { ...options, transitions: 10, updates: 20, logEvery: 1, batchSize: 32, ...changes };
    const timeouts = Uint8Array.from({ length: 400 }, (_, row) => (row % 4 === 3 ? 1 : 0));
    const dataset = inMemoryDataset({ ...lineWorld(400, 1), timeouts });
    await createTransformer(short).fit({ ...contextOf(run), dataset });
    const rates = run.rows.flatMap(({ figures }) => figures.learningRate ?? []);
    expect(rates).toHaveLength(20);
    expect(rates.at(-1)! / options.learningRate).toBeLessThan(0.13);
    expect(rates[9]! / options.learningRate).toBeGreaterThan(0.4);
  });

  it("refuses a width that its heads do not divide", () => {
    const parsed = transformerOptions.safeParse({ heads: 3, embedding: 16 });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ["embedding"], message: "has to be a multiple of `heads`" });
  });
});
