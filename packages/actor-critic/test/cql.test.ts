import { Optimiser } from "@lowerbound/core";
import { memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { cql, learnerOf } from "../src/index.js";
import { contextOf, engine, parts } from "./world.js";

afterAll(() => engine.dispose());

describe("the algorithm cql", () => {
  const making = { inject: () => parts.optimiser as never, optional: () => undefined };
  const small = cql.config.parse({
    weight: 1,
    actionSamples: 3,
    lagrangeThreshold: 1,
    batchSize: 32,
    updates: 60,
    logEvery: 20,
    checkpointEvery: 25,
  });

  it("acts better than the data, and logs how well Q tells its actions from the data's", async () => {
    const { lagrangeThreshold: _, ...plain } = small;
    const algorithm = cql.create({ ...plain, weight: 0.2, updates: 600, logEvery: 300 }, making);
    const run = memoryRun();
    const { tensors } = await algorithm.train(contextOf(run));
    const acting = await algorithm.policy({ dimensions: { observation: 2, action: 1 }, engine, tensors });
    const observations = { rows: 2, columns: 2, data: Float32Array.of(1, 0.5, -1, -0.5) };
    const { actions } = await acting.act(observations, await acting.init(2, 0), { deterministic: true });
    await acting.close();
    // The behaviour's mean action is -x / 2; going to 0 at once pays most.
    expect(actions.data[0]!).toBeLessThan(-0.55);
    expect(actions.data[1]!).toBeGreaterThan(0.55);
    const { qGap, dataQ, policyQ, qSeparation, alpha } = run.rows.at(-1)!.figures;
    expect(qGap!).toBeCloseTo(dataQ! - policyQ!, 4);
    expect(qSeparation! > 0 && qSeparation! < 1 && alpha! > 0).toBe(true);
  });

  it("ends with the same bytes wherever it was interrupted, its multiplier too", async () => {
    const algorithm = cql.create(small, making);
    const wanted = await algorithm.train(contextOf(memoryRun()));
    expect(wanted.tensors.logMultiplier!.data[0]).not.toBe(0);
    for (const abortAt of [1, 33]) {
      const interrupted = memoryRun({ abortAt });
      await expect(algorithm.train(contextOf(interrupted))).rejects.toThrow("interrupted");
      const from = interrupted.checkpoints.at(-1)!;
      expect(await algorithm.train(contextOf(memoryRun({ from })))).toEqual(wanted);
    }
  });

  it("refuses an optimiser that wants rollouts", () => {
    const optimiser: Optimiser = { ...parts.optimiser, data: "on-policy" };
    expect(() => learnerOf(optimiser, {})).toThrow(/fresh rollouts/);
    expect(cql.requires).toEqual([Optimiser]);
  });
});
