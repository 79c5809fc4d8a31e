import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Algorithm,
  CapabilityError,
  ConfigError,
  createPipeline,
  Dataset,
  DynamicsModel,
  Engine,
  type Fittable,
  type Fitted,
  Random,
  type RunHandle,
} from "@lowerbound/core";
import { lineWorld, memoryRun } from "@lowerbound/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { algorithm, base, components, hidden } from "./world.js";

interface Facts {
  readonly threshold: number;
  readonly kappa: number;
  readonly discrepancyMaximum: number;
  readonly unknownShareOfData: number;
}
interface LastRollout {
  readonly modelReward: number;
  readonly reshapedReward: number;
  readonly rolloutTerminations: number;
}

describe("MOReL", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "morel-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const { observations, rewards } = lineWorld(400, 1);
  const norms = Float32Array.from({ length: 400 }, (_, row) =>
    Math.hypot(observations[2 * row]!, observations[2 * row + 1]!),
  );

  it.each([
    { type: "sac", hiddenSizes: hidden },
    { type: "ppo", hiddenSizes: hidden },
  ] as const)("learns its threshold from the data, and halts beyond it: %o", async (optimiser) => {
    const rule = { threshold: "quantile", thresholdQuantile: 0.5, rolloutLength: 1 } as const;
    const pipeline = createPipeline(components, {
      ...base,
      optimiser,
      penalty: { type: "distance" },
      algorithm: { ...algorithm, ...rule },
    });
    const { trained, fitted } = await pipeline.run({ directory: join(folder, "run"), quiet: true });
    await pipeline.dispose();
    const facts = fitted.algorithm as unknown as Facts;
    const sorted = norms.slice().sort();
    expect(facts.threshold).toBeCloseTo((sorted[199]! + sorted[200]!) / 2, 5);
    expect(facts.unknownShareOfData).toBeCloseTo(0.5, 5);
    expect(facts.discrepancyMaximum).toBeCloseTo(sorted[399]!, 5);
    expect(facts.kappa).toBeCloseTo(Math.max(...rewards.map(Math.abs)), 5);
    const rollout = trained.facts.lastRollout as unknown as LastRollout;
    expect(rollout.rolloutTerminations).toBeGreaterThan(0.2);
    expect(rollout.rolloutTerminations).toBeLessThan(0.8);
    const halted = -99 * facts.kappa * rollout.rolloutTerminations;
    expect(rollout.reshapedReward - rollout.modelReward).toBeCloseTo(halted, 1);
  });

  it("learns the threshold of a penalty that is fitted on episodes that the fit has not seen", async () => {
    const pipeline = createPipeline(components, {
      ...base,
      optimiser: { type: "sac", hiddenSizes: hidden },
      penalty: { type: "nearest-neighbour" },
      algorithm: { ...algorithm, threshold: "quantile", thresholdQuantile: 0.5 },
    });
    const { trained, fitted } = await pipeline.run({ directory: join(folder, "run"), quiet: true });
    const held = await (await pipeline.heldOutDataset())!.transitions();
    await pipeline.dispose();
    expect(held.count).toBe(40);
    // Of pairs that it was fitted to it would be 0 but for rounding, and every rollout would halt.
    expect((fitted.algorithm as unknown as Facts).threshold).toBeGreaterThan(0.01);
    expect((trained.facts.lastRollout as unknown as LastRollout).rolloutTerminations).toBeLessThan(0.9);
  });

  it("never halts at the data's own pairs with the maximum as the threshold", async () => {
    const pipeline = createPipeline(components, {
      ...base,
      optimiser: { type: "sac", hiddenSizes: hidden },
      penalty: { type: "max-pairwise-difference" },
      algorithm: { ...algorithm, threshold: "maximum" },
    });
    const { fitted } = await pipeline.run({ directory: join(folder, "run"), quiet: true });
    await pipeline.dispose();
    const facts = fitted.algorithm as unknown as Facts;
    expect(facts.threshold).toBe(facts.discrepancyMaximum);
    expect(facts.threshold).toBeGreaterThan(0);
    expect(facts.unknownShareOfData).toBe(0);
  });

  it.each([
    { type: "sac", hiddenSizes: hidden, actorLearningRate: 1e-9 },
    { type: "ppo", hiddenSizes: hidden, actorLearningRate: 1e-9 },
  ] as const)("starts from the behaviour: %o", async (optimiser) => {
    const config = { ...base, optimiser, penalty: { type: "distance" } } as const;
    const pipeline = createPipeline(components, { ...config, algorithm: { ...algorithm, cloningUpdates: 1500 } });
    const run = { directory: join(folder, "run"), quiet: true };
    await pipeline.run(run);
    const policy = await pipeline.policy(run, "last");
    const at = { rows: 2, columns: 2, data: Float32Array.of(1, 0.5, -1, -0.5) };
    const { actions } = await policy.act(at, await policy.init(2, 0), { deterministic: true });
    await policy.close();
    await pipeline.dispose();
    // The behaviour's mean action is -x / 2.
    expect(Math.abs(actions.data[0]! + 0.5)).toBeLessThan(0.15);
    expect(Math.abs(actions.data[1]! - 0.5)).toBeLessThan(0.15);
  });

  it("ends with the same bytes wherever its fit phase or its training was interrupted", async () => {
    const pipeline = createPipeline(components, {
      ...base,
      optimiser: { type: "ppo", hiddenSizes: hidden },
      penalty: { type: "max-pairwise-difference" },
      algorithm: { ...algorithm, cloningUpdates: 40, checkpointEvery: 7, logEvery: 5 },
    });
    const [dataset, own] = [pipeline.get(Dataset), pipeline.get(Engine)];
    const phase = (run: RunHandle, fitted: Readonly<Record<string, Fitted>>) => {
      const find = (kind: string): Fitted => fitted[kind]!;
      return { dataset, engine: own, random: Random.fromSeed(3), run, fitted: find, evaluator: undefined };
    };
    const dynamics = await pipeline.get(DynamicsModel).fit(phase(memoryRun(), {}));
    const made = pipeline.get(Algorithm) as Algorithm & Fittable;
    const fit = (run: RunHandle) => made.fit(phase(run, { dynamics }));
    const learnt = await fit(memoryRun());
    const train = (run: RunHandle) => made.train(phase(run, { dynamics, algorithm: learnt }));
    const trained = await train(memoryRun());
    for (const [start, wanted] of [
      [fit, learnt],
      [train, trained],
    ] as const) {
      for (const abortAt of [1, 12]) {
        const interrupted = memoryRun({ abortAt });
        await expect(start(interrupted)).rejects.toThrow("interrupted");
        expect(await start(memoryRun({ from: interrupted.checkpoints.at(-1)! }))).toEqual(wanted);
      }
    }
    await pipeline.dispose();
  });

  it("asks for a penalty, and refuses one that needs a critic before there is one", () => {
    const config = { ...base, optimiser: { type: "sac" }, algorithm } as const;
    expect(() => createPipeline(components, config)).toThrow(ConfigError);
    expect(() => createPipeline(components, { ...config, penalty: { type: "greedy" } })).toThrow(CapabilityError);
  });
});
