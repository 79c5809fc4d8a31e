import { CapabilityError, type Optimiser } from "@lowerbound/core";
import { memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { behaviourCloning, cloningOptions, imitate } from "../src/index.js";
import { contextOf, engine, parts } from "./world.js";

afterAll(() => engine.dispose());

const ALONE = {
  inject: () => {
    throw new Error("cloning needs nothing");
  },
  optional: () => undefined,
};
const small = {
  hiddenSizes: [16],
  batchSize: 64,
  updates: 400,
  logEvery: 100,
  checkpointEvery: 150,
  learningRate: 0.01,
};
const dimensions = { observation: 2, action: 1 };

describe.each(["deterministic", "gaussian"] as const)("a %s clone", (policy) => {
  const algorithm = behaviourCloning.create(cloningOptions.parse({ ...small, policy }), ALONE);

  it("does what the behaviour does on average", async () => {
    const run = memoryRun();
    const { tensors } = await algorithm.train(contextOf(run));
    const acting = await algorithm.policy({ dimensions, engine, tensors });
    const observations = { rows: 2, columns: 2, data: Float32Array.of(1, 0.5, -1.6, -0.8) };
    const { actions } = await acting.act(observations, await acting.init(2, 0), { deterministic: true });
    await acting.close();
    const gaussian = policy === "gaussian";
    expect(acting.capabilities).toEqual({ stochastic: gaussian, logProbability: gaussian });
    expect(Math.abs(actions.data[0]! + 0.5)).toBeLessThan(0.15);
    expect(Math.abs(actions.data[1]! - 0.75)).toBeLessThan(0.2);
    expect(run.rows.map(({ step }) => step)).toEqual([100, 200, 300, 400]);
    expect(run.rows.at(-1)!.figures.loss!).toBeLessThan(run.rows[0]!.figures.loss!);
  });

  it("ends with the same bytes when it was interrupted", async () => {
    const wanted = await algorithm.train(contextOf(memoryRun()));
    const interrupted = memoryRun({ abortAt: 233 });
    await expect(algorithm.train(contextOf(interrupted))).rejects.toThrow("interrupted");
    const from = interrupted.checkpoints.at(-1)!;
    expect(from.step).toBe(233);
    expect(await algorithm.train(contextOf(memoryRun({ from })))).toEqual(wanted);
  });
});

it("samples within the action box, the same for the same seed", async () => {
  const algorithm = behaviourCloning.create(cloningOptions.parse({ ...small, policy: "gaussian", updates: 1 }), ALONE);
  const { tensors } = await algorithm.train(contextOf(memoryRun()));
  const acting = await algorithm.policy({ dimensions, engine, tensors });
  const observations = { rows: 50, columns: 2, data: new Float32Array(100) };
  const act = async (seed: number) =>
    (await acting.act(observations, await acting.init(50, seed), { deterministic: false })).actions.data;
  const [a, b, c] = [await act(1), await act(1), await act(2)];
  await acting.close();
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
  expect(a.every((value) => Math.abs(value) <= 1)).toBe(true);
});

it("starts no optimiser from the behaviour whose policy has no tensor that is known to learn", async () => {
  const { initialise, ...others } = parts.optimiser;
  const unnamed: Optimiser = {
    ...others,
    initialise: (...given) => {
      const { "m/actor": moments, ...rest } = initialise(...given);
      return { ...rest, momentum: moments! };
    },
  };
  const cloning = imitate(contextOf(memoryRun()), unnamed, { ...small, updates: 1 });
  await expect(cloning).rejects.toThrow(CapabilityError);
  await expect(cloning).rejects.toThrow(
    /expected: .*m\/NAME.* beside one of actor at least[\s\S]*remedy: .*cloningUpdates/,
  );
});
